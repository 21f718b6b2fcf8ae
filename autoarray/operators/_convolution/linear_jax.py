"""Convolution in a JAX program: by NumPy on a CPU, by Fourier transforms of XLA on another device.

The Fourier transforms of XLA on a CPU wait for threads of a pool that the program itself fills; a batch of models
(`jax.vmap`) then waited forever on machines of many cores. So on a CPU no program has any.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jax
import numpy as np

from autoarray import _pytree
from autoarray._numerics.multilinear_jax import MultilinearForm, derivative_from
from autoarray.operators._convolution import fourier, fourier_jax
from autoarray.operators._convolution.state import ConvolverState

if TYPE_CHECKING:
    from jaxtyping import Float


@dataclass(frozen=True, eq=False)
class ConvolutionForm(MultilinearForm):
    """The sum of an image times the convolution of values, linear in both: T(image, values).

    Its derivative by the image is the convolution, that by the values the transpose.

    Parameters
    ----------
    state
        What the convolution needs.
    has_blurring
        Whether the values of the blurring pixels follow those of the unmasked ones.
    single_precision
        Whether Fourier transforms are those of float32.
    sparse_product
        The convolution on NumPy of values that need no Fourier transform, or None of others.
    """

    state: ConvolverState
    has_blurring: bool
    single_precision: bool
    sparse_product: Callable[[ConvolverState, np.ndarray, bool], np.ndarray | None] | None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ConvolutionForm) and _pytree._same(vars(self), vars(other))

    def __hash__(self) -> int:
        pixels, shape = self.state.mask.pixels_in_mask, self.state.kernel.shape_native
        return hash((pixels, shape, self.has_blurring, self.single_precision, self.sparse_product))

    def derivative_on_host(self, index: int, fixed: Any, arguments: Sequence[Any]) -> list[Float[np.ndarray, "..."]]:
        (values,) = arguments[1 - index]
        if index == 0 and self.sparse_product is not None:
            found = self.sparse_product(self.state, values, self.has_blurring)
            if found is not None:
                return [found]
        transformed = values.astype(np.float32) if self.single_precision else values
        function = (fourier.convolve_by_fourier, fourier.correlate_by_fourier)[index]
        return [function(transformed, self.state._frame, self.has_blurring)]

    def derivative_on_device(self, index: int, fixed: Any, arguments: Sequence[Any]) -> list[Float[jax.Array, "..."]]:
        (values,) = arguments[1 - index]
        function = (fourier_jax.convolve_by_fourier, fourier_jax.correlate_by_fourier)[index]
        return [function(values, self.state._frame, self.has_blurring, self.single_precision)]


def convolve(form: ConvolutionForm, values: Float[jax.Array, "entries *images"]) -> Float[Any, "data_pixels *images"]:
    """Values of shape (entries,) or (entries, m), convolved: of shape (pixels,) or (pixels, m)."""
    image = jax.ShapeDtypeStruct((form.state._positions[0].size, *values.shape[1:]), values.dtype)
    return derivative_from(form, 0, [], [[image], [values]])[0]
