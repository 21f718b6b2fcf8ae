"""One source on meshes of rectangles, triangles and nearest neighbors, each with a regularization that suits it.

python examples/adaptive_meshes.py

The vertices of a triangulation lie in the image plane, densely where the source is bright, and are traced like the
data. A circle of vertices around the mask holds the edge of the reconstruction at zero.
"""

import simulated

import autoarray as aa
from autoarray.inversion.mesh.image_mesh.abstract import append_with_circle_edge_points

EDGE = 20


def vertices_from(imaging, adapt_data):
    """(y, x) vertices in the image plane: along a Hilbert curve, by the brightness of an image; the edge comes last."""
    image_mesh = aa.image_mesh.Hilbert(pixels=120, weight_floor=0.1, weight_power=1.0)
    inside = image_mesh.image_plane_mesh_grid_from(mask=imaging.mask, adapt_data=adapt_data)
    return append_with_circle_edge_points(
        image_plane_mesh_grid=inside, centre=imaging.mask.mask_centre, radius=1.4, n_points=EDGE
    )


def fit_from(imaging, mesh, regularization, adapt_data, vertices):
    """The fit of the source on a mesh."""
    grid = imaging.grids.pixelization
    source_plane_grid = aa.Grid2D(
        values=simulated.trace(grid.array),
        mask=imaging.mask,
        over_sample_size=grid.over_sample_size,
        over_sampled=aa.Grid2DIrregular(simulated.trace(grid.over_sampled.array)),
    )
    pixelization = aa.Pixelization(
        mesh=mesh, regularization=regularization
    )  # raises if mesh and regularization don't fit
    interpolator = pixelization.mesh.interpolator_from(
        source_plane_data_grid=source_plane_grid,
        source_plane_mesh_grid=aa.Grid2DIrregular(simulated.trace(vertices.array)),
        border_relocator=imaging.grids.border_relocator,
        adapt_data=adapt_data,
    )
    mapper = aa.Mapper(interpolator=interpolator, regularization=pixelization.regularization)
    return aa.FitImaging(dataset=imaging, inversion=aa.Inversion(dataset=imaging, linear_obj_list=[mapper]))


def main():
    imaging = simulated.dataset()
    # The model image of a first fit tells the next ones where the source is.
    adapt_data = simulated.fit_from(imaging).model_data
    vertices = vertices_from(imaging, adapt_data)
    pixels = {"pixels": vertices.shape[0], "zeroed_pixels": EDGE}
    pairs = [
        (aa.mesh.RectangularUniform(shape=(12, 12)), aa.reg.Constant(coefficient=1.0)),
        (aa.mesh.RectangularRTUAdaptImage(shape=(12, 12), weight_floor=0.1), aa.reg.AdaptPower(1.0, 3.0)),
        (aa.mesh.Delaunay(**pixels), aa.reg.ConstantSplit(coefficient=1.0)),
        (aa.mesh.DelaunayNN(**pixels), aa.reg.AdaptSplitPower(1.0, 3.0)),
        (aa.mesh.KNearestNeighbor(**pixels), aa.reg.MaternKernel(coefficient=1.0, scale=0.2, nu=1.5)),
    ]
    for mesh, regularization in pairs:
        fit = fit_from(imaging, mesh, regularization, adapt_data, vertices)
        names = f"{type(mesh).__name__} with {type(regularization).__name__}"
        print(f"{names:45} log evidence {fit.log_evidence:10.3f}")


if __name__ == "__main__":
    main()
