"""The Fourier transform of an interferometer: from images to visibilities, and its adjoint.

The sums are V_k = sum_p I_p exp(-2 pi i (u_k x_p + v_k y_p)) over the unmasked pixels p, with the pixel centres (y, x)
in radians and the frequencies (u, v) of visibility k in wavelengths (Thompson, Moran & Swenson 2017, ch. 3). They are
not normalized, and no pixel area enters.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from autoarray import exc
from autoarray._backend import as_array, numbers_from
from autoarray._state import State, derived
from autoarray._typing import Array, ArrayLike, Namespace
from autoarray._validation import check_instance, number_from, whole_from
from autoarray.abstract_ndarray import unwrap
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators._fourier import transform
from autoarray.operators._fourier.lattice import Lattice, box_index, lattice_of
from autoarray.operators._primary_beam import primary_beam_slim_from
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.uniform_2d import Grid2D
from autoarray.structures.visibilities import Visibilities

# Images that are transformed at once.
_IMAGES_AT_ONCE = 16


def uv_from(uv_wavelengths: ArrayLike, name: str) -> np.ndarray:
    """The frequencies (u, v) of visibilities in wavelengths, of shape (visibilities, 2), if they are finite numbers.

    Raises
    ------
    exc.DatasetException
        If their shape is another one, or one is not finite.
    """
    uv = np.asarray(numbers_from(unwrap(uv_wavelengths), name, exc.DatasetException), dtype=float)
    if uv.ndim != 2 or uv.shape[1] != 2:
        raise exc.DatasetException(
            f"{name}: expected the (u, v) of each visibility in wavelengths, shape (visibilities, 2), found {uv.shape}"
        )
    if not np.isfinite(uv).all():
        first = tuple(int(index) for index in np.argwhere(~np.isfinite(uv))[0])
        raise exc.DatasetException(f"{name}: expected finite wavelengths, found {uv[first]} at {first}")
    return uv


class _Transformer(State):
    """What both transformers share; they differ in how accurate they have to be."""

    primary_beam_slim: Any  # an array of shape (pixels,), or None

    def __init__(self, uv_wavelengths: ArrayLike, real_space_mask: Mask2D, primary_beam: ArrayLike | None) -> None:
        name = type(self).__name__
        check_instance(real_space_mask, Mask2D, f"{name}.real_space_mask", "a Mask2D", exc.DatasetException)
        if real_space_mask.is_all_true:
            raise exc.DatasetException(
                f"{name}.real_space_mask: expected at least one unmasked pixel, found none in an array of shape "
                f"{real_space_mask.shape_native}"
            )
        self.uv_wavelengths = uv_from(uv_wavelengths, f"{name}.uv_wavelengths")
        self.real_space_mask = real_space_mask
        self.primary_beam_slim = None if primary_beam is None else primary_beam_slim_from(primary_beam, real_space_mask)

    @property
    def _eps(self) -> float | None:
        """The relative accuracy that an approximate transform may have, or None for an exact one."""
        return None

    @property
    def _chunk_size(self) -> int | None:
        return None

    @property
    def grid(self) -> Grid2D:
        """The centres of the unmasked pixels in radians."""
        from autoarray.operators._fourier.lattice import ARCSECOND

        grid = Grid2D.from_mask(mask=self.real_space_mask)
        return grid.with_new_array(grid.array * ARCSECOND)

    @property
    def total_visibilities(self) -> int:
        """The number of visibilities."""
        return len(self.uv_wavelengths)

    @property
    def total_image_pixels(self) -> int:
        """The number of unmasked pixels."""
        return self.real_space_mask.pixels_in_mask

    @property
    def method(self) -> str:
        """How one image is transformed in NumPy mode: "factored", by products of matrices, or "finufft"."""
        if self._eps is None:
            return transform.FACTORED
        return transform.method_for(self.total_visibilities, self._lattice)

    @property
    def _lattice(self) -> Lattice:
        return lattice_of(self.real_space_mask)

    @derived
    def _box_index(self) -> tuple[np.ndarray, np.ndarray]:
        return box_index(self.real_space_mask)

    @derived
    def _kept(self) -> dict[str, Any]:
        """What inversions have summed over the visibilities, for the noise map and the data that they last had."""
        return {}

    def with_primary_beam(self, primary_beam: ArrayLike | None) -> Self:
        """The same transformer with another primary beam, or with none.

        Parameters
        ----------
        primary_beam
            The response of the antennas in each pixel, as an `Array2D` on the mask or an array in slim or native form.
        """
        beam = None if primary_beam is None else primary_beam_slim_from(primary_beam, self.real_space_mask)
        return self._with(primary_beam_slim=beam)

    def _values_of(self, image: ArrayLike | Array2D, name: str, xp: Namespace) -> Any:
        """The values of an image in the unmasked pixels, of shape (pixels,)."""
        if isinstance(image, Array2D):
            image = image.slim
        values = as_array(unwrap(image), xp)
        if values.ndim == 2 and values.shape == self.real_space_mask.shape_native:
            values = values[self.real_space_mask.slim_to_native_tuple]
        if values.shape != (self.total_image_pixels,):
            raise exc.DatasetException(
                f"{type(self).__name__}.{name}: expected the {self.total_image_pixels} unmasked pixels of the "
                f"real-space mask, of shape {self.real_space_mask.shape_native}, found shape {tuple(values.shape)}"
            )
        return values

    def _in_box(self, images: Any, xp: Namespace) -> Any:
        """Images of shape (pixels, n) in the bounding box of the mask, of shape (n, rows, columns)."""
        rows, columns = self._box_index
        box = xp.zeros((images.shape[1], *self._lattice.shape))
        if xp is np:
            box[:, rows, columns] = images.T
            return box
        return box.at[:, rows, columns].set(images.T)

    def _to_visibilities(self, images: Any, xp: Namespace) -> Any:
        """The visibilities of images of shape (pixels, n), of shape (visibilities, n), with the primary beam."""
        if self.primary_beam_slim is not None:
            images = images * as_array(self.primary_beam_slim, xp)[:, None]
        return transform.visibilities_from(
            self._in_box(images, xp), self.uv_wavelengths, self._lattice, xp, self._eps, self._chunk_size
        )

    def visibilities_from(self, image: Array2D, xp: Namespace = np) -> Visibilities:
        """The visibilities of an image, times the primary beam if there is one.

        Parameters
        ----------
        image
            The image in the unmasked pixels of the real-space mask.

        Raises
        ------
        exc.DatasetException
            If it has other pixels.
        """
        values = self._values_of(image, "image", xp)
        return Visibilities(self._to_visibilities(values[:, None], xp)[:, 0])

    def image_from(self, visibilities: Visibilities, xp: Namespace = np) -> Array2D:
        """The dirty image: the real part of the adjoint of `visibilities_from`, without the primary beam.

        Parameters
        ----------
        visibilities
            Complex numbers, one for each of the transformer's frequencies.

        Raises
        ------
        exc.DatasetException
            If there are fewer or more.
        """
        values = as_array(unwrap(visibilities), xp)
        if values.shape != (self.total_visibilities,):
            raise exc.DatasetException(
                f"{type(self).__name__}.visibilities: expected shape ({self.total_visibilities},), one for each pair "
                f"(u, v), found {tuple(values.shape)}"
            )
        image = self._images_from(values[:, None], xp)[0]
        return Array2D(values=image, mask=self.real_space_mask, xp=xp)

    def _images_from(self, values: Any, xp: Namespace) -> Any:
        """The real parts of the adjoints of visibilities of shape (visibilities, n), of shape (n, pixels)."""
        rows, columns = self._box_index
        images = transform.images_from(values, self.uv_wavelengths, self._lattice, xp, self._eps, self._chunk_size)
        return images[:, rows, columns]

    def transform_mapping_matrix(self, mapping_matrix: ArrayLike, xp: Namespace = np) -> Array:
        """The visibilities of every column of a mapping matrix, of shape (visibilities, params).

        Nothing else in this package makes such a matrix, which takes 16 bytes for each visibility and parameter:
        inversions do without.

        Parameters
        ----------
        mapping_matrix
            Of shape (pixels, params); in NumPy mode it may be a SciPy sparse array.

        Raises
        ------
        exc.DatasetException
            If it has not one row for each unmasked pixel.
        """
        matrix: Any = unwrap(mapping_matrix)
        is_sparse = xp is np and hasattr(matrix, "tocsc")
        matrix = matrix.tocsc() if is_sparse else as_array(matrix, xp)
        if matrix.ndim != 2 or matrix.shape[0] != self.total_image_pixels:
            raise exc.DatasetException(
                f"{type(self).__name__}.mapping_matrix: expected shape ({self.total_image_pixels}, params), a row for "
                f"each unmasked pixel of the real-space mask, found {tuple(matrix.shape)}"
            )
        parts = [slice(start, start + _IMAGES_AT_ONCE) for start in range(0, matrix.shape[1], _IMAGES_AT_ONCE)]
        blocks = (matrix[:, part].toarray() if is_sparse else matrix[:, part] for part in parts)
        return xp.concatenate([self._to_visibilities(block, xp) for block in blocks], axis=1)


class TransformerDFT(_Transformer):
    """The Fourier transform by its sums, exact to rounding.

    On the lattice of pixels the sums are products of matrices (see `autoarray.operators._fourier.factored`), so that
    no array of visibilities by pixels is made.

    Parameters
    ----------
    uv_wavelengths
        The frequencies (u, v) of each visibility in wavelengths, of shape (visibilities, 2).
    real_space_mask
        The mask of the images; its pixel scales and origin are in arc-seconds.
    primary_beam
        The response of the antennas in each pixel, which images are multiplied with before they are transformed, or
        None. The adjoint leaves it out.

    Raises
    ------
    exc.DatasetException
        If the frequencies have another shape or are not finite, or no pixel is unmasked.

    Examples
    --------
    >>> import numpy as np
    >>> import autoarray as aa
    >>> mask = aa.Mask2D.all_false(shape_native=(3, 3), pixel_scales=0.1)
    >>> transformer = aa.TransformerDFT(uv_wavelengths=np.array([[0.0, 0.0]]), real_space_mask=mask)
    >>> transformer.visibilities_from(aa.Array2D(values=np.ones(9), mask=mask)).array
    array([9.+0.j])
    """

    def __init__(
        self, uv_wavelengths: ArrayLike, real_space_mask: Mask2D, primary_beam: ArrayLike | None = None
    ) -> None:
        super().__init__(uv_wavelengths, real_space_mask, primary_beam)


class TransformerNUFFT(_Transformer):
    """The Fourier transform to a given relative accuracy, which costs next to nothing for each further visibility.

    With the extra `nufft` images of many visibilities are transformed by finufft (Barnett, Magland & af Klinteberg
    2019) where that is faster; otherwise, and in JAX mode, by the same products of matrices as `TransformerDFT`. The
    property `method` says which. Unlike PyAutoArray 2026.10.26.1 it uses the origin of the mask and both pixel scales.

    Parameters
    ----------
    uv_wavelengths, real_space_mask, primary_beam
        As in `TransformerDFT`.
    eps
        The relative accuracy.
    chunk_size
        At most how many visibilities finufft takes at once; about a million if None.
    xp, kwargs
        Not used: the methods take `xp`, and arguments of older releases have no effect.
    """

    def __init__(
        self,
        uv_wavelengths: ArrayLike,
        real_space_mask: Mask2D,
        eps: float = 1e-12,
        chunk_size: int | None = None,
        xp: Namespace = np,
        primary_beam: ArrayLike | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(uv_wavelengths, real_space_mask, primary_beam)
        error = exc.DatasetException
        self.eps = number_from(eps, "TransformerNUFFT.eps", "a number above 0", error=error, above=0.0, most=1.0)
        self.chunk_size = (
            None if chunk_size is None else whole_from(chunk_size, "TransformerNUFFT.chunk_size", 1, error)
        )

    @property
    def _eps(self) -> float | None:
        return self.eps

    @property
    def _chunk_size(self) -> int | None:
        return self.chunk_size

    @property
    def native_index_for_slim_index(self) -> np.ndarray:
        """The (row, column) of each unmasked pixel, of shape (pixels, 2)."""
        return self.real_space_mask.native_for_slim
