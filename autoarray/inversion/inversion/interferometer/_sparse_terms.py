"""What the visibilities of a dataset add up to, and how the sums of several datasets are added."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray._state import State
from autoarray._typing import ArrayLike
from autoarray._validation import number_from, whole_from
from autoarray.abstract_ndarray import unwrap
from autoarray.inversion.inversion.interferometer._sparse_operator import kernel_from
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators._fourier.lattice import bounding_box

# What two sets of terms must have in common to be added.
_PROVENANCE = (
    "shape_native",
    "pixel_scales",
    "origin",
    "eps",
    "transformer_class_name",
    "phase_centre",
    "oversample",
    "oversample_pad",
)
_ARRAYS = ("nufft_precision_operator", "dirty_image_native", "dirty_beam_native")
_FINE = ("precision_operator_fine", "dirty_image_fine")
_NUMBERS = ("sum_weights", "data_term", "noise_normalization")


class SparseTerms(State):
    """The sums over visibilities that an array-free dataset is made of; those of several datasets add up.

    Parameters
    ----------
    nufft_precision_operator
        As in `InterferometerSparseOperator`.
    dirty_image_native, dirty_beam_native
        Re(F^H N^-1 d) and Re(F^H N^-1 1) with the weights of the real parts, of the shape of the real-space mask, zero
        where it masks.
    sum_weights
        The sum of the weights of the real parts.
    data_term, noise_normalization
        As in `InterferometerSparseOperator`.
    n_vis
        How many visibilities there are.
    shape_native, pixel_scales, origin
        Those of the real-space mask, or None if they are not known.
    eps, transformer_class_name
        The accuracy and the transformer, or None.
    phase_centre
        The (y, x) in arc-seconds that the visibilities were centred on, or None.
    precision_operator_fine, dirty_image_fine, oversample, oversample_pad
        The same kernel and dirty image on a grid that is `oversample` times finer, or None; see
        `Interferometer.from_stream`.
    hankel_operator
        As in `InterferometerSparseOperator`.

    Raises
    ------
    exc.InversionException
        If an array is not finite or has another shape.
    """

    def __init__(
        self,
        nufft_precision_operator: ArrayLike,
        dirty_image_native: ArrayLike,
        dirty_beam_native: ArrayLike,
        sum_weights: float,
        data_term: float,
        noise_normalization: float,
        n_vis: int,
        shape_native: tuple[int, int] | None = None,
        pixel_scales: tuple[float, float] | None = None,
        origin: tuple[float, float] | None = None,
        eps: float | None = None,
        transformer_class_name: str | None = None,
        phase_centre: tuple[float, float] | None = None,
        precision_operator_fine: ArrayLike | None = None,
        dirty_image_fine: ArrayLike | None = None,
        oversample: int | None = None,
        oversample_pad: float | None = None,
        hankel_operator: ArrayLike | None = None,
    ) -> None:
        error = exc.InversionException
        self.nufft_precision_operator = kernel_from(nufft_precision_operator, "SparseTerms.nufft_precision_operator")
        self.dirty_image_native = np.asarray(unwrap(dirty_image_native), dtype=float)
        self.dirty_beam_native = np.asarray(unwrap(dirty_beam_native), dtype=float)
        if self.dirty_beam_native.shape != self.dirty_image_native.shape or self.dirty_image_native.ndim != 2:
            raise error(
                "SparseTerms.dirty_beam_native: expected the shape of dirty_image_native, (rows, columns), found "
                f"{self.dirty_beam_native.shape} and {self.dirty_image_native.shape}"
            )
        self.sum_weights, self.data_term, self.noise_normalization = (
            number_from(value, f"SparseTerms.{name}", "a finite number", error=error)
            for name, value in zip(_NUMBERS, (sum_weights, data_term, noise_normalization), strict=True)
        )
        self.n_vis = whole_from(n_vis, "SparseTerms.n_vis", 0, error)
        self.shape_native = _pair(shape_native, int)
        self.pixel_scales, self.origin, self.phase_centre = (
            _pair(value, float) for value in (pixel_scales, origin, phase_centre)
        )
        self.eps = None if eps is None else float(eps)
        self.transformer_class_name = transformer_class_name
        self.precision_operator_fine, self.dirty_image_fine, self.hankel_operator = (
            None if value is None else np.asarray(unwrap(value), dtype=float)
            for value in (precision_operator_fine, dirty_image_fine, hankel_operator)
        )
        self.oversample = None if oversample is None else whole_from(oversample, "SparseTerms.oversample", 1, error)
        self.oversample_pad = None if oversample_pad is None else float(oversample_pad)

    @property
    def has_fine_grids(self) -> bool:
        """Whether there are a kernel and a dirty image of a finer grid."""
        return self.precision_operator_fine is not None and self.dirty_image_fine is not None

    def check_mask(self, mask: Mask2D) -> None:
        """Refuse a mask that the terms do not belong to.

        Raises
        ------
        exc.InversionException
            If its shape, pixel scales or origin are others, or the bounding box of its unmasked pixels is.
        """
        for name, own in (
            ("shape_native", self.shape_native),
            ("pixel_scales", self.pixel_scales),
            ("origin", self.origin),
        ):
            other = _pair(getattr(mask, name), float)
            if own is not None and not np.allclose(own, other, rtol=1e-8, atol=1e-12):
                raise exc.InversionException(f"real_space_mask: expected the {name} {own} of the terms, found {other}")
        y0, y1, x0, x1 = bounding_box(mask)
        expected = (2 * (y1 - y0), 2 * (x1 - x0))
        if self.nufft_precision_operator.shape != expected or self.dirty_image_native.shape != mask.shape_native:
            raise exc.InversionException(
                f"real_space_mask: its bounding box of {y1 - y0} x {x1 - x0} pixels asks for a kernel of shape "
                f"{expected}, and its shape for a dirty image of {mask.shape_native}; the terms have "
                f"{self.nufft_precision_operator.shape} and {self.dirty_image_native.shape}"
            )

    def __add__(self, other: SparseTerms) -> SparseTerms:
        """The terms of both sets of visibilities together.

        Raises
        ------
        exc.InversionException
            If they were added up on other masks, or otherwise.
        """
        if not isinstance(other, SparseTerms):
            return NotImplemented
        for name in _PROVENANCE:
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine is not None and theirs is not None and mine != theirs:
                raise exc.InversionException(
                    f"SparseTerms: expected the same {name} to add them, found {mine} and {theirs}"
                )
        for name in _ARRAYS:
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine.shape != theirs.shape:
                raise exc.InversionException(
                    f"SparseTerms: expected {name} of the same shape to add them, found {mine.shape} and {theirs.shape}"
                )
        changes: dict[str, Any] = {name: getattr(self, name) + getattr(other, name) for name in (*_ARRAYS, *_NUMBERS)}
        changes |= {
            name: getattr(self, name) if getattr(other, name) is None else getattr(other, name) for name in _PROVENANCE
        }
        fine = self.has_fine_grids and other.has_fine_grids
        changes |= {name: getattr(self, name) + getattr(other, name) if fine else None for name in _FINE}
        if not fine:
            changes |= {"oversample": None, "oversample_pad": None}
        kernels = [kernel for kernel in (self.hankel_operator, other.hankel_operator) if kernel is not None]
        changes["hankel_operator"] = sum(kernels[1:], start=kernels[0]) if kernels else None
        return self._with(n_vis=self.n_vis + other.n_vis, **changes)

    def __radd__(self, other: Any) -> SparseTerms:
        # What `sum` begins with.
        return self if isinstance(other, int) and other == 0 else NotImplemented

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        rows, columns = state["dirty_image_native"].shape
        return [f"{state['n_vis']:,} visibilities", f"{rows} x {columns} pixels"]


# Where its users find it, and pickles name it.
SparseTerms.__module__ = "autoarray.inversion.inversion.interferometer.inversion_interferometer_util"


def _pair(values: Any, kind: Any) -> Any:
    return None if values is None else tuple(kind(value) for value in values)
