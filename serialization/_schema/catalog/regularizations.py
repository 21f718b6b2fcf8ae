"""The regularizations."""

from __future__ import annotations

from serialization._schema.catalog.entry import Entry

_PACKAGE = "autoarray.inversion.regularization."
_ADAPT = ("inner_coefficient", "outer_coefficient", "signal_scale")
_ADAPT_ZEROTH = ("zeroth_coefficient", "zeroth_signal_scale", *_ADAPT)
_KERNEL = ("coefficient", "scale", "jitter", "jitter_relative")

TYPES = (
    Entry("autoarray.reg.Adapt", f"{_PACKAGE}adapt:Adapt", _ADAPT),
    Entry("autoarray.reg.AdaptPower", f"{_PACKAGE}adapt_power:AdaptPower", (*_ADAPT, "power")),
    Entry("autoarray.reg.AdaptSplit", f"{_PACKAGE}adapt_split:AdaptSplit", _ADAPT),
    Entry("autoarray.reg.AdaptSplitPower", f"{_PACKAGE}adapt_split_power:AdaptSplitPower", (*_ADAPT, "power")),
    Entry("autoarray.reg.AdaptSplitZeroth", f"{_PACKAGE}adapt_split_zeroth:AdaptSplitZeroth", _ADAPT_ZEROTH),
    Entry(
        "autoarray.reg.AdaptSplitZerothPower",
        f"{_PACKAGE}adapt_split_zeroth_power:AdaptSplitZerothPower",
        (*_ADAPT_ZEROTH, "power"),
    ),
    Entry(
        "autoarray.reg.BrightnessZeroth",
        f"{_PACKAGE}brightness_zeroth:BrightnessZeroth",
        ("coefficient", "signal_scale"),
    ),
    Entry("autoarray.reg.Constant", f"{_PACKAGE}constant:Constant", ("coefficient",)),
    Entry("autoarray.reg.ConstantSplit", f"{_PACKAGE}constant_split:ConstantSplit", ("coefficient",)),
    Entry(
        "autoarray.reg.ConstantZeroth",
        f"{_PACKAGE}constant_zeroth:ConstantZeroth",
        ("coefficient_neighbor", "coefficient_zeroth"),
    ),
    Entry("autoarray.reg.CurvatureMask", f"{_PACKAGE}curvature_mask:CurvatureMask", ("coefficient",)),
    Entry("autoarray.reg.ExponentialKernel", f"{_PACKAGE}exponential_kernel:ExponentialKernel", _KERNEL),
    Entry("autoarray.reg.FourthOrderMask", f"{_PACKAGE}fourth_order_mask:FourthOrderMask", ("coefficient",)),
    Entry("autoarray.reg.GaussianKernel", f"{_PACKAGE}gaussian_kernel:GaussianKernel", _KERNEL),
    Entry(
        "autoarray.reg.MaternAdaptKernel",
        f"{_PACKAGE}matern_adapt_kernel:MaternAdaptKernel",
        (*_KERNEL, "nu", *_ADAPT),
    ),
    Entry(
        "autoarray.reg.MaternAdaptPowerKernel",
        f"{_PACKAGE}matern_adapt_power_kernel:MaternAdaptPowerKernel",
        (*_KERNEL, "nu", *_ADAPT, "power"),
    ),
    Entry("autoarray.reg.MaternKernel", f"{_PACKAGE}matern_kernel:MaternKernel", (*_KERNEL, "nu")),
    Entry(
        "autoarray.reg.MaternSparse",
        f"{_PACKAGE}matern_sparse:MaternSparse",
        ("coefficient", "scale", "nu", "weights"),
    ),
    Entry("autoarray.reg.Zeroth", f"{_PACKAGE}zeroth:Zeroth", ("coefficient",)),
)
