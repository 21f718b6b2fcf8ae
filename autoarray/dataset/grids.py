"""The grids of coordinates of a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autoarray import exc
from autoarray._display import line
from autoarray._state import State, derived
from autoarray._validation import check_object
from autoarray.operators.over_sampling.over_sample_util import over_sample_size_convert_to_array_2d_from

if TYPE_CHECKING:
    from autoarray.inversion.mesh.border_relocator import BorderRelocator
    from autoarray.mask.mask_2d import Mask2D
    from autoarray.operators.convolver import Convolver
    from autoarray.structures.arrays.uniform_2d import Array2D
    from autoarray.structures.grids.uniform_2d import Grid2D


class GridsDataset(State):
    """The grids that a dataset is fitted on, made from its mask when they are first asked for.

    Parameters
    ----------
    mask
        The mask of the dataset.
    over_sample_size_lp
        The sub size of each pixel where light profiles are evaluated: one for all, or an `Array2D`.
    over_sample_size_pixelization
        The same where pixels are paired with the source's mesh.
    psf
        The point spread function, whose reach sets the blurring grid; None for no blurring.
    """

    def __init__(
        self,
        mask: Mask2D,
        over_sample_size_lp: int | Array2D,
        over_sample_size_pixelization: int | Array2D,
        psf: Convolver | None = None,
    ) -> None:
        self.mask = mask
        self.over_sample_size_lp: Array2D = over_sample_size_convert_to_array_2d_from(over_sample_size_lp, mask)
        self.over_sample_size_pixelization: Array2D = over_sample_size_convert_to_array_2d_from(
            over_sample_size_pixelization, mask
        )
        self.psf = psf

    @derived
    def lp(self) -> Grid2D:
        """The centres of unmasked pixels, over-sampled to evaluate light profiles."""
        return self._grid_from(self.mask, self.over_sample_size_lp)

    @derived
    def pixelization(self) -> Grid2D:
        """The centres of unmasked pixels, over-sampled to be paired with the source's mesh."""
        return self._grid_from(self.mask, self.over_sample_size_pixelization)

    @derived
    def blurring(self) -> Grid2D | None:
        """The centres of masked pixels whose light the PSF spreads into unmasked ones; None without a PSF.

        Where the PSF reaches beyond the image, so does this grid.
        """
        if self.psf is None:
            return None
        blurring_mask = self.psf.state_from(self.mask).blurring_mask
        return self._grid_from(blurring_mask, self.psf.convolve_over_sample_size)

    @derived
    def border_relocator(self) -> BorderRelocator:
        """What moves source-plane coordinates beyond the border of the mask onto it."""
        from autoarray.inversion.mesh.border_relocator import BorderRelocator

        return BorderRelocator(mask=self.mask, sub_size=self.over_sample_size_pixelization)

    @staticmethod
    def _grid_from(mask: Mask2D, over_sample_size: int | Array2D) -> Grid2D:
        from autoarray.structures.grids.uniform_2d import Grid2D

        return Grid2D.from_mask(mask=mask, over_sample_size=over_sample_size)

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        names = ("over_sample_size_lp", "over_sample_size_pixelization")
        psf = "psf" if state["psf"] is not None else ""
        return [line.grid_of(state["mask"]), *(f"{name}={line.sizes(state[name])}" for name in names), psf]


class GridsInterface(State):
    """Grids that were made elsewhere, such as those of a dataset that a fit has shifted.

    Parameters
    ----------
    lp, pixelization, blurring
        Grids as in `GridsDataset`.
    border_relocator
        As in `GridsDataset`.
    """

    def __init__(
        self,
        lp: Grid2D | None = None,
        pixelization: Grid2D | None = None,
        blurring: Grid2D | None = None,
        border_relocator: BorderRelocator | None = None,
    ) -> None:
        for name, grid in (("lp", lp), ("pixelization", pixelization), ("blurring", blurring)):
            if grid is not None:
                check_object(grid, "array", f"GridsInterface.{name}", "a grid or None", exc.GridException)
        if border_relocator is not None:
            name = "GridsInterface.border_relocator"
            check_object(border_relocator, "relocated_grid_from", name, "a BorderRelocator or None", exc.GridException)
        self.lp = lp
        self.pixelization = pixelization
        self.blurring = blurring
        self.border_relocator = border_relocator

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        names = ("lp", "pixelization", "blurring")
        given = [f"{name} {line.shape_of(state[name])} arcsec" for name in names if state[name] is not None]
        return [*given, "border_relocator" if state["border_relocator"] is not None else ""]
