"""A mesh of your own: rings and sectors around the centre of the source, fitted, carried, saved and drawn.

python examples/own_mesh.py [FOLDER]

The fit is written to FOLDER/polar.aas, its figure to FOLDER/polar.png. docs/own_mesh.md explains the parts.
"""

import pickle
import sys
import tempfile
from pathlib import Path

import jax
import numpy as np
import simulated

import autoarray as aa
import serialization
from autoarray.inversion.linear_obj.neighbors import Neighbors
from autoarray.inversion.mesh.interpolator.abstract import AbstractInterpolator
from autoarray.inversion.mesh.mesh_geometry.abstract import AbstractMeshGeometry
from autoarray.plot import plot_inversion_reconstruction


def disc_from(data_grid, xp=np):
    """The centre and the radius of a disc that holds all traced coordinates, in arc-seconds."""
    positions = data_grid.over_sampled.array
    centre = positions.mean(axis=0)
    return centre, xp.sqrt(((positions - centre) ** 2).sum(axis=1)).max()


def places_from(shape, data_grid, ring, sector, xp=np):
    """The (y, x) at numbers of rings and sectors, counted from the centre and the x axis, which may be fractions."""
    centre, radius = disc_from(data_grid, xp)
    distance, angle = radius * xp.asarray(ring / shape[0]), xp.asarray(2.0 * np.pi * sector / shape[1])
    return centre + xp.stack((distance * xp.sin(angle), distance * xp.cos(angle)), axis=-1)


class PolarGeometry(AbstractMeshGeometry):
    """The neighbors of the pixels, which schemes smooth along, and the corners of their cells, for figures."""

    @property
    def neighbors(self):
        rings, sectors = self.mesh.shape
        index = np.arange(rings * sectors)
        ring, sector = np.divmod(index, sectors)
        around = [ring * sectors + (sector + step) % sectors for step in (-1, 1)]
        inner, outer = np.where(ring > 0, index - sectors, -1), np.where(ring < rings - 1, index + sectors, -1)
        # -1 stands for none, and comes last.
        neighbors = -np.sort(-np.stack((*around, inner, outer), axis=1), axis=1)
        return Neighbors(arr=neighbors, sizes=(neighbors >= 0).sum(axis=1))

    def corners(self):
        rings, sectors = self.mesh.shape
        ring, sector = np.arange(rings + 1)[:, None], np.arange(sectors + 1)
        return np.asarray(places_from(self.mesh.shape, self.data_grid, ring, sector, self._xp))


class PolarInterpolator(AbstractInterpolator):
    """Bilinear interpolation in distance and angle between the centres of four pixels."""

    geometry_cls = PolarGeometry

    def interpolate(self):
        xp, (rings, sectors) = self._xp, self.mesh.shape
        centre, radius = disc_from(self.data_grid, xp)
        y, x = (self.data_grid.over_sampled.array - centre).T
        ring = xp.clip(rings * xp.sqrt(y**2 + x**2) / radius - 0.5, 0.0, rings - 1.0)
        sector = sectors * xp.arctan2(y, x) / (2.0 * np.pi) - 0.5
        first, before = xp.clip(xp.floor(ring), 0, rings - 2), xp.floor(sector)
        row, left = first.astype(int) * sectors, before.astype(int) % sectors
        right = (left + 1) % sectors
        mappings = xp.stack((row + left, row + right, row + sectors + left, row + sectors + right), axis=1)
        out, on = ring - first, sector - before
        weights = xp.stack(((1.0 - out) * (1.0 - on), (1.0 - out) * on, out * (1.0 - on), out * on), axis=1)
        return mappings, xp.full(len(y), 4), weights


class Polar(aa.AbstractMesh):
    """The numbers that describe the mesh: `shape` is that of its rings and sectors, indexed from the innermost ring."""

    supports_split_regularization = False
    interpolator_cls = PolarInterpolator

    def __init__(self, shape):
        self.shape = shape

    def interpolator_from(
        self, source_plane_data_grid, source_plane_mesh_grid=None, border_relocator=None, adapt_data=None, xp=np
    ):
        data_grid = self.relocated_grid_from(border_relocator, source_plane_data_grid, xp=xp)
        ring, sector = np.divmod(np.arange(self.shape[0] * self.shape[1]), self.shape[1])
        centres = places_from(self.shape, data_grid, ring + 0.5, sector + 0.5, xp)
        return self.interpolator_cls(self, aa.Grid2DIrregular(centres, xp=xp), data_grid, adapt_data, xp=xp)


GRIDS = ["mesh", "mesh_grid", "data_grid", "_use_jax"]
OPTIONS = ["mesh_weight_map", "kernel_bandwidth", "kernel_knots", "transform"]  # of every geometry, here not used

serialization.register(Polar, name="survey.Polar", fields=["shape"])
serialization.register(PolarInterpolator, name="survey.PolarInterpolator", fields=[*GRIDS, "adapt_data"])
serialization.register(PolarGeometry, name="survey.PolarGeometry", fields=[*GRIDS, *OPTIONS])


def main(folder):
    imaging, mesh = simulated.dataset(), Polar(shape=(8, 20))
    fit = simulated.fit_from(imaging, mesh=mesh)
    evidence = fit.log_evidence
    print(f"log evidence on {mesh}: {evidence:.3f}")

    jax.config.update("jax_enable_x64", True)
    on_jax = simulated.fit_from(imaging, xp=jax.numpy, mesh=mesh)
    print(f"on JAX: {on_jax.log_evidence:.3f}")

    carried = pickle.loads(pickle.dumps(fit))
    print("difference after a pickle:", carried.log_evidence - evidence)
    path = serialization.save(fit, Path(folder) / "polar.aas")
    print("difference after a file:", serialization.load(path, backend="jax").log_evidence - evidence)

    (mapper,) = fit.inversion.linear_obj_list
    plot_inversion_reconstruction(
        fit.inversion.reconstruction, mapper, mesh_edges=True, output_path=folder, output_filename="polar"
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(folder)
