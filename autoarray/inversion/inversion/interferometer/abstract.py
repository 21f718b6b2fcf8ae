"""What all inversions of interferometer data share, and nearly all of what they are."""

from __future__ import annotations

from typing import Any

from autoarray import exc
from autoarray._backend import as_array, is_tracer
from autoarray._state import derived
from autoarray._typing import Array
from autoarray.inversion.inversion import inversion_util
from autoarray.inversion.inversion._curvature.normal_system import NormalSystem
from autoarray.inversion.inversion.abstract import AbstractInversion
from autoarray.inversion.inversion.interferometer._measured import Measured, kept_measured, kept_normal
from autoarray.inversion.linear_obj.linear_obj import LinearObj
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators._fourier.normal import NormalOperator
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.visibilities import Visibilities

# The signal-to-noise of real and imaginary parts up to which the chi squared is a difference of sums.
_MOST_SIGNAL = 300.0


def real_space_mask_from(dataset: Any) -> Mask2D:
    """The mask of the images of an interferometer's dataset, or of a `DatasetInterface` of one.

    Raises
    ------
    exc.InversionException
        If the dataset says nothing of it.
    """
    for part, name in ((dataset, "real_space_mask"), (getattr(dataset, "transformer", None), "real_space_mask")):
        mask = getattr(part, name, None)
        if mask is not None:
            return mask
    grids = getattr(dataset, "grids", None)
    for name in ("mask", "lp", "pixelization"):
        found = getattr(grids, name, None)
        found = getattr(found, "mask", found)
        if isinstance(found, Mask2D):
            return found
    raise exc.InversionException(
        "dataset: expected an Interferometer, or a DatasetInterface with a transformer or grids, found "
        f"{type(dataset).__name__} without a real-space mask"
    )


class AbstractInversionInterferometer(AbstractInversion):
    """An inversion whose linear objects are Fourier transformed to visibilities.

    With the transform F, the noise N of real and imaginary parts and the mapping matrix A of all linear objects, the
    system is D = A^T Re(F^H N^-1 d) and F = A^T W A, with the normal operator W = Re(F^H N^-1 F) that two kernels on
    lattices give exactly (see `autoarray.operators._fourier.normal`). No matrix of visibilities by parameters is made,
    and no evaluation sums over visibilities: the kernels and the dirty image are kept with the transformer, or with the
    dataset if it has a sparse operator. The subclasses bear the names of PyAutoArray's ways to form the same system.

    Parameters
    ----------
    dataset
        The `Interferometer`, or a `DatasetInterface`.
    linear_obj_list, settings, xp, preloads
        As in `AbstractInversion`; a preloaded curvature matrix takes the place of F.
    """

    @property
    def transformer(self) -> Any:
        """The transformer of the dataset, or None if it keeps no visibilities."""
        return self.dataset.transformer

    @derived
    def _mask(self) -> Mask2D:
        return real_space_mask_from(self.dataset)

    @property
    def mask(self) -> Mask2D:
        """The real-space mask."""
        return self._mask

    # ------------------------------------------------------------------ what was measured

    @property
    def _sparse_operator(self) -> Any:
        return self.dataset.sparse_operator

    @property
    def _normal(self) -> NormalOperator:
        if self._sparse_operator is not None:
            return self._sparse_operator.normal
        if self.transformer is None or self.noise_map is None:
            raise exc.InversionException(
                f"{type(self).__name__}.dataset: expected visibilities with a transformer, or a sparse operator, found "
                "neither"
            )
        return kept_normal(self.noise_map, self.transformer)

    @derived
    def _measured(self) -> Measured:
        """The dirty image and the data term of what is inverted."""
        image = getattr(self.dataset, "sparse_dirty_image", None)
        term = getattr(self.dataset, "data_term", None)
        if image is not None and term is not None:
            return Measured(image, term)
        operator = self._sparse_operator
        if self.data is None:
            if operator is None:
                raise exc.InversionException(
                    f"{type(self).__name__}.dataset: expected data or a sparse operator, found neither"
                )
            return Measured(
                operator.dirty_image if image is None else image, operator.data_term if term is None else term
            )
        if operator is not None and self.dataset is not None and self._is_own_data:
            found = Measured(operator.dirty_image, operator.data_term)
        else:
            found = kept_measured(self.data, self.noise_map, self.transformer, self._xp)
        return Measured(found.dirty_image if image is None else image, found.data_term if term is None else term)

    @property
    def _is_own_data(self) -> bool:
        """Whether the data are those that the sparse operator was made of: a dataset's own."""
        from autoarray.inversion.inversion.dataset_interface import DatasetInterface

        return not isinstance(self.dataset, DatasetInterface) and self._sparse_operator.data_term is not None

    # ------------------------------------------------------------------ the linear system

    @derived
    def _system(self) -> NormalSystem:
        beam = (
            self.transformer.primary_beam_slim
            if self._sparse_operator is None
            else self._sparse_operator.primary_beam_slim
        )
        batch_size = None if self._sparse_operator is None else self._sparse_operator.batch_size
        return NormalSystem(self._normal, self.linear_obj_list, self.mask, beam, batch_size, self._xp)

    @derived
    def data_vector(self) -> Array:  # pyright: ignore[reportIncompatibleMethodOverride] (a property that is kept)
        return self._system.data_vector_from(as_array(self._measured.dirty_image, self._xp))

    @derived
    def curvature_matrix(self) -> Array:  # pyright: ignore[reportIncompatibleMethodOverride] (likewise)
        matrix = self._curvature_matrix_of_data
        index = self.no_regularization_index_list
        if not index:
            return matrix
        value = self.settings.no_regularization_add_to_curvature_diag_value
        return inversion_util.curvature_matrix_with_added_to_diag_from(matrix, value, index, self._xp)

    @derived
    def _curvature_matrix_of_data(self) -> Array:
        """F, before anything is added to its diagonal."""
        preloaded = self._preloaded_curvature_matrix
        return self._system.curvature_matrix if preloaded is None else preloaded

    @property
    def curvature_matrix_diag(self) -> Array:
        """The curvature matrix before anything is added to its diagonal."""
        return self._curvature_matrix_of_data

    @derived
    def operated_mapping_matrix_list(self) -> list[Array]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The visibilities of each parameter, of shape (visibilities, params), for each linear object.

        Nothing here computes with them: they take 16 bytes for each visibility and parameter.
        """
        self._check_visibilities("operated_mapping_matrix_list")
        return [
            self.transformer.transform_mapping_matrix(mapping_matrix=self._system.matrix_of(i), xp=self._xp)
            for i in range(len(self.linear_obj_list))
        ]

    def _check_visibilities(self, quantity: str) -> None:
        if self.transformer is None:
            raise exc.InversionException(
                f"{type(self).__name__}.{quantity}: expected a dataset with a transformer, found one that keeps no "
                "visibilities; mapped_reconstructed_data is its image"
            )

    # ------------------------------------------------------------------ images and visibilities

    @property
    def mapped_reconstructed_data_dict(self) -> dict[LinearObj, Array2D]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The real-space image of each linear object."""
        return {
            linear_obj: Array2D(values=self._system.image_from(i, parameters), mask=self.mask, xp=self._xp)
            for i, (linear_obj, parameters) in enumerate(self.reconstruction_dict.items())
        }

    @property
    def mapped_reconstructed_operated_data_dict(self) -> dict[LinearObj, Visibilities]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The visibilities of each linear object."""
        self._check_visibilities("mapped_reconstructed_operated_data_dict")
        return {
            linear_obj: self.transformer.visibilities_from(image=image, xp=self._xp)
            for linear_obj, image in self.mapped_reconstructed_data_dict.items()
        }

    @derived
    def mapped_reconstructed_operated_data(self) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The visibilities of the reconstruction."""
        self._check_visibilities("mapped_reconstructed_operated_data")
        return self.transformer.visibilities_from(image=self.mapped_reconstructed_data, xp=self._xp)

    # ------------------------------------------------------------------ the evidence

    @derived(travels=True)
    def fast_chi_squared(self) -> Any:
        """The chi squared of the reconstruction, without its visibilities: d^T N^-1 d - 2 s^T D + s^T F s.

        F is without what is added to the diagonal for linear objects without regularization, so that this is the chi
        squared of the visibilities. PyAutoArray 2026.10.26.1 leaves that in.
        """
        if self._measured.data_term is None:
            raise exc.InversionException(
                f"{type(self).__name__}.fast_chi_squared: expected a sparse operator with a data_term, found None"
            )
        if self._is_difference_lost:
            return self._chi_squared_of_visibilities
        if self._preloaded_curvature_matrix is not None:
            solution = self.reconstruction
            terms = self._curvature_matrix_of_data @ solution - 2.0 * self.data_vector
            return self._measured.data_term + solution @ terms
        parts = self.reconstruction_dict.values()
        images: Any = sum(self._system.image_from(i, part) for i, part in enumerate(parts))
        image = self._system.beamed(images)
        dirty = as_array(self._measured.dirty_image, self._xp)
        # Pixel by pixel, where dirty image and model cancel, rather than as a difference of two sums.
        residual = dirty - self._system.applied(image)
        return self._measured.data_term - image @ (dirty + residual)

    @property
    def _is_difference_lost(self) -> bool:
        """Whether the data term is so much larger than any chi squared that their difference loses its digits.

        Then the visibilities of the reconstruction are made, if there are any: their signal is 300 times their noise.
        """
        term, data = self._measured.data_term, self.data
        if data is None or self.transformer is None or is_tracer(term) or is_tracer(data.array):
            return False
        return bool(term > 2.0 * data.shape_slim * _MOST_SIGNAL**2)

    @property
    def _chi_squared_of_visibilities(self) -> Any:
        xp = self._xp
        model = self.transformer.visibilities_from(image=self.mapped_reconstructed_data, xp=xp).array
        data, noise = as_array(self.data.array, xp), as_array(self.noise_map.array, xp)
        parts = ((data.real - model.real) / noise.real, (data.imag - model.imag) / noise.imag)
        return sum(part @ part for part in parts)
