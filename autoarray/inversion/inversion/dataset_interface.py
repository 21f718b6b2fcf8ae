# pyright: strict, reportMissingTypeStubs=false
"""The parts of a dataset that an inversion reads, for inversions of something other than the dataset's own data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from autoarray import exc
from autoarray._backend import numbers_from
from autoarray._display import line, table
from autoarray._state import State
from autoarray._typing import Array
from autoarray._validation import check_instance
from autoarray.abstract_ndarray import AbstractNDArray
from autoarray.operators.convolver import Convolver
from autoarray.structures.arrays._data_checks import check_signal_to_noise, check_values
from autoarray.structures.arrays.uniform_2d import Array2D

if TYPE_CHECKING:
    from autoarray.dataset.grids import GridsDataset, GridsInterface
    from autoarray.dataset.imaging.dataset import Imaging
    from autoarray.mask.mask_2d import Mask2D

# What an inversion of imaging data takes.
ImagingDataset: TypeAlias = "Imaging | DatasetInterface"


class DatasetInterface(State):
    """A dataset for an inversion, such as one whose data has the light of a lens subtracted.

    Parameters
    ----------
    data, noise_map
        The masked data and its standard deviations.
    grids
        The grids of the dataset.
    psf
        The point spread function of an image, or None.
    transformer
        What transforms images to the visibilities of an interferometer, or None.
    sparse_operator
        The sparse operator of the dataset, or None.
    noise_covariance_matrix
        The covariance of the noise, of shape (data_pixels, data_pixels), or None.
    sparse_dirty_image
        The dirty image of visibilities, with which their sparse operator does without them, or None.
    data_term
        The sum of the squared visibilities in standard deviations, likewise, or None.

    Raises
    ------
    DatasetException
        If data and noise map are no structures of the same shape, or are images that have values that no fit can use
        (see `Imaging`). What JAX is tracing is not looked at.
    """

    # Those of an interferometer alone: they are in the state of an object that has them.
    transformer: Any = None
    sparse_dirty_image: Any = None
    data_term: Any = None

    def __init__(
        self,
        data: Any,
        noise_map: Any,
        grids: GridsDataset | GridsInterface | None = None,
        psf: Convolver | None = None,
        transformer: Any = None,
        sparse_operator: Any = None,
        noise_covariance_matrix: Array | None = None,
        sparse_dirty_image: Any = None,
        data_term: Any = None,
    ) -> None:
        # The sparse operator of an interferometer has the sums over visibilities, which are then not needed.
        optional = sparse_operator is not None
        for name, array in (("data", data), ("noise_map", noise_map)):
            expected = "an Array2D or visibilities"
            error = exc.DatasetException
            check_instance(array, AbstractNDArray, f"DatasetInterface.{name}", expected, error, optional=optional)
        shapes = [getattr(array, "shape", None) for array in (data, noise_map)]
        if None not in shapes and shapes[0] != shapes[1]:
            raise exc.DatasetException(
                f"DatasetInterface.noise_map: expected the shape {shapes[0]} of the data, found {shapes[1]}"
            )
        expected, error = "a Convolver or None", exc.DatasetException
        check_instance(psf, Convolver, "DatasetInterface.psf", expected, error, optional=True)
        if noise_covariance_matrix is not None:
            # Its shape and kind alone: an interface is made in each evaluation, of a dataset that has checked the rest.
            name = "DatasetInterface.noise_covariance_matrix"
            matrix = numbers_from(noise_covariance_matrix, name, exc.DatasetException)
            if matrix.shape != (data.shape[0],) * 2:
                raise exc.DatasetException(f"{name}: expected the shape {(data.shape[0],) * 2}, found {matrix.shape}")
        if isinstance(data, Array2D) and isinstance(noise_map, Array2D):
            check_values("DatasetInterface.data", data, positive=False)
            check_values("DatasetInterface.noise_map", noise_map, positive=True)
            check_signal_to_noise(data, noise_map)
        self.data = data
        self.noise_map = noise_map
        self.grids = grids
        self.psf = psf
        self.sparse_operator = sparse_operator
        self.noise_covariance_matrix = noise_covariance_matrix
        given = {"transformer": transformer, "sparse_dirty_image": sparse_dirty_image, "data_term": data_term}
        self.__dict__.update({name: value for name, value in given.items() if value is not None})

    @property
    def mask(self) -> Mask2D:
        """The mask of the data; of visibilities, that of the image that their transformer transforms."""
        if isinstance(self.data, Array2D):
            return self.data.mask
        if self.transformer is not None:
            return self.transformer.real_space_mask
        grid = getattr(self.grids, "lp", None)
        if grid is None:
            raise exc.DatasetException("DatasetInterface.mask: expected a transformer or grids, found neither")
        return grid.mask

    def _repr_parts(self) -> list[str]:
        return line.dataset(self)

    def _html_rows(self) -> list[tuple[str, str]]:
        return table.dataset(self)

    def _repr_html_(self) -> str:
        return table.table_of(self)
