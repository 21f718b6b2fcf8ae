"""The schemes that smooth a reconstruction."""

from autoarray.inversion.regularization.abstract import AbstractRegularization as Regularization
from autoarray.inversion.regularization.adapt import Adapt
from autoarray.inversion.regularization.adapt_power import AdaptPower
from autoarray.inversion.regularization.adapt_split import AdaptSplit
from autoarray.inversion.regularization.adapt_split_power import AdaptSplitPower
from autoarray.inversion.regularization.adapt_split_zeroth import AdaptSplitZeroth
from autoarray.inversion.regularization.adapt_split_zeroth_power import AdaptSplitZerothPower
from autoarray.inversion.regularization.brightness_zeroth import BrightnessZeroth
from autoarray.inversion.regularization.constant import Constant
from autoarray.inversion.regularization.constant_split import ConstantSplit
from autoarray.inversion.regularization.constant_zeroth import ConstantZeroth
from autoarray.inversion.regularization.curvature_mask import CurvatureMask
from autoarray.inversion.regularization.exponential_kernel import ExponentialKernel
from autoarray.inversion.regularization.fourth_order_mask import FourthOrderMask
from autoarray.inversion.regularization.gaussian_kernel import GaussianKernel
from autoarray.inversion.regularization.matern_adapt_kernel import MaternAdaptKernel
from autoarray.inversion.regularization.matern_adapt_power_kernel import MaternAdaptPowerKernel
from autoarray.inversion.regularization.matern_kernel import MaternKernel
from autoarray.inversion.regularization.matern_sparse import MaternSparse
from autoarray.inversion.regularization.zeroth import Zeroth

__all__ = [
    "Adapt",
    "AdaptPower",
    "AdaptSplit",
    "AdaptSplitPower",
    "AdaptSplitZeroth",
    "AdaptSplitZerothPower",
    "BrightnessZeroth",
    "Constant",
    "ConstantSplit",
    "ConstantZeroth",
    "CurvatureMask",
    "ExponentialKernel",
    "FourthOrderMask",
    "GaussianKernel",
    "MaternAdaptKernel",
    "MaternAdaptPowerKernel",
    "MaternKernel",
    "MaternSparse",
    "Regularization",
    "Zeroth",
]
