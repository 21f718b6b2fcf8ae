"""Objects that don't belong together, or are something else than what is asked for."""

import numpy as np
import problems
import pytest
import vertex_problems

import autoarray as aa
from autoarray.inversion.mappers import mapper_util


@pytest.fixture(scope="module")
def dataset():
    return problems.dataset_from()


@pytest.fixture(scope="module")
def mapper(dataset):
    return problems.fit_from(dataset=dataset).inversion.linear_obj_list[0]


def test_an_inversion_of_another_dataset_is_refused(backend, xp, dataset):
    smaller = problems.dataset_from(radius=0.5)
    fit = problems.fit_from(backend, dataset=dataset)
    with pytest.raises(
        aa.exc.InversionException,
        match=r"FitImaging\.inversion: expected an inversion of the 78 unmasked pixels of the fit's dataset, of shape "
        r"\(17, 16\), found one of 154 pixels of shape \(17, 16\)$",
    ):
        aa.FitImaging(dataset=smaller, inversion=fit.inversion, xp=xp)


def shifted(dataset):
    """The dataset in as many pixels elsewhere, one row further down."""
    mask = aa.Mask2D(np.roll(dataset.mask.array, 1, axis=0), pixel_scales=problems.SCALE)
    return aa.Imaging(
        aa.Array2D(dataset.data.array, mask),
        aa.Array2D(dataset.noise_map.array, mask),
        over_sample_size_lp=2,
        over_sample_size_pixelization=2,
    )


def test_as_many_pixels_elsewhere_are_another_dataset(dataset, mapper):
    other = shifted(dataset)
    inversion = problems.fit_from(dataset=dataset).inversion
    with pytest.raises(aa.exc.InversionException, match=r"found one of 154 pixels of shape .*, elsewhere"):
        aa.FitImaging(dataset=other, inversion=inversion)
    with pytest.raises(
        aa.exc.InversionException, match=r"linear_obj_list\[0\]: expected a mapper on the 154 .* others"
    ):
        aa.Inversion(dataset=other, linear_obj_list=[mapper])


@pytest.mark.parametrize(
    ("mesh", "message"),
    [
        (aa.mesh.Delaunay(7), r"Delaunay: source_plane_mesh_grid: expected pixels=7 vertices, found 24"),
        (aa.mesh.Delaunay(7, 6), r"expected pixels=7 vertices, or 13 with zeroed_pixels=6, found 24"),
        (aa.mesh.DelaunayNN(40), r"DelaunayNN: .* expected pixels=40 vertices, found 24"),
        (aa.mesh.KNearestNeighbor(7), r"KNearestNeighbor: .* expected pixels=7 vertices, found 24"),
        (aa.mesh.KNNBarycentric(7), r"KNNBarycentric: .* expected pixels=7 vertices, found 24"),
        (aa.mesh.Delaunay(0, 24), r"zeroed_pixels: expected fewer than 24, the number of vertices, .* found 24"),
        (aa.mesh.KNearestNeighbor(24, 24), r"zeroed_pixels: expected fewer than 24, .* one is left .* found 24"),
    ],
)
def test_numbers_beside_vertices(mesh, message, backend):
    with pytest.raises(aa.exc.MeshException, match=message):
        vertex_problems.interpolator_from(mesh, backend)


def test_numbers_of_vertices_while_jax_traces_them():
    import jax

    def weights(values, mesh):
        grid = problems.traced_from(vertex_problems.dataset(), xp=jax.numpy)
        vertices = aa.Grid2DIrregular(values)
        return mesh.interpolator_from(grid, vertices, xp=jax.numpy).weights

    values = vertex_problems.vertices_from().array
    assert jax.jit(lambda values: weights(values, aa.mesh.Delaunay(18, 6)))(values).shape == (616, 3)
    with pytest.raises(aa.exc.MeshException, match="expected pixels=7 vertices, found 24"):
        jax.jit(lambda values: weights(values, aa.mesh.Delaunay(7)))(values)


def test_vertices_of_the_image_plane_are_those_of_the_mesh():
    interpolator = vertex_problems.interpolator_from()
    vertices = vertex_problems.image_vertices()
    assert aa.Mapper(interpolator, image_plane_mesh_grid=aa.Grid2DIrregular(vertices)).params == 24
    with pytest.raises(
        aa.exc.InversionException, match=r"image_plane_mesh_grid: expected the 24 vertices .*, found 23"
    ):
        aa.Mapper(interpolator, image_plane_mesh_grid=aa.Grid2DIrregular(vertices[1:]))


def test_numbers_beside_neighbors():
    from autoarray.inversion.linear_obj.neighbors import Neighbors

    with pytest.raises(
        aa.exc.MeshException, match=r"Neighbors\.sizes: .* found sizes of shape \(2,\) and arr .*\(3, 4\)"
    ):
        Neighbors(arr=np.zeros((3, 4), dtype=int), sizes=np.zeros(2, dtype=int))


@pytest.mark.parametrize("where", ["pixel", "sub-pixel"])
@pytest.mark.parametrize("value", [np.nan, np.inf, 1e200])
@pytest.mark.parametrize("mesh", ["uniform", "adapt_density", "rtu_density", "delaunay", "knn"])
def test_coordinates_that_no_mesh_is_laid_over(mesh, value, where, dataset):
    grid = problems.traced_from(dataset)
    values, over_sampled = np.array(grid.array), np.array(grid.over_sampled.array)
    if where == "pixel":
        values[3, 0] = value
    over_sampled[12, 1] = value
    moved = aa.Grid2D(values, dataset.mask, over_sample_size=2, over_sampled=over_sampled)
    meshes = {"delaunay": aa.mesh.Delaunay(24), "knn": aa.mesh.KNearestNeighbor(24)}
    model = meshes[mesh] if mesh in meshes else problems.RECTANGULAR[mesh](shape=(5, 5))
    vertices = vertex_problems.vertices_from() if mesh in meshes else None
    with pytest.raises(aa.exc.MeshException, match="expected finite"):
        _ = model.interpolator_from(moved, vertices).weights


def test_indexes_beyond_the_mesh_are_refused_before_scipy_writes_there():
    arguments = {
        "pix_size_for_sub_slim_index": np.array([1, 1]),
        "pix_weights_for_sub_slim_index": np.ones((2, 1)),
        "pixels": 4,
        "total_mask_pixels": 2,
        "slim_index_for_sub_slim_index": np.arange(2),
        "sub_fraction": np.ones(2),
    }
    for index in (4, -1, 2**31 - 1):
        with pytest.raises(aa.exc.MeshException, match=f"expected indexes of the 4 mesh pixels, found {index}"):
            mapper_util.mapping_matrix_sparse_from(np.array([[0], [index]]), **arguments)
    assert mapper_util.mapping_matrix_sparse_from(np.array([[0], [3]]), **arguments).toarray().sum() == 2.0


def test_objects_of_another_kind(dataset, mapper):
    exc = aa.exc
    grid, vertices = problems.traced_from(dataset), vertex_problems.vertices_from()
    uniform = aa.mesh.RectangularUniform((4, 4))
    inversion = aa.Inversion(dataset, [mapper])
    refused = [
        (lambda: aa.Inversion(3, [mapper]), exc.InversionException, r"Inversion\.dataset: expected an Imaging dataset"),
        (lambda: aa.Inversion(dataset, mapper), exc.InversionException, r"linear_obj_list: expected a list of linear"),
        (lambda: aa.Inversion(dataset, [3]), exc.InversionException, r"linear_obj_list\[0\]: expected a linear object"),
        (lambda: aa.Inversion(dataset, [mapper], {}), exc.InversionException, r"settings: expected Settings or None"),
        (lambda: aa.Inversion(dataset, [mapper], preloads=3), exc.InversionException, r"preloads: expected preloads"),
        (lambda: aa.Mapper(3), exc.InversionException, r"Mapper\.interpolator: expected an interpolator, .*, found 3"),
        (lambda: aa.Mapper(mapper.interpolator, 3), exc.PixelizationException, r"Mapper\.regularization: expected"),
        (lambda: aa.Mapper(mapper.interpolator, None, "x"), exc.InversionException, r"Mapper\.settings: expected Set"),
        (lambda: aa.FitImaging(3), exc.DatasetException, r"FitImaging\.dataset: expected a dataset, found 3"),
        (lambda: aa.FitImaging(dataset, 3), exc.InversionException, r"FitImaging\.inversion: expected an inversion or"),
        (lambda: aa.FitImaging(dataset, inversion, {}), exc.DatasetException, r"FitImaging\.dataset_model: expected"),
        (
            lambda: aa.FitImaging(dataset, inversion, use_mask_in_fit="no"),
            exc.DatasetException,
            r"FitImaging\.use_mask_in_fit: expected True or False, found 'no'",
        ),
        (lambda: uniform.interpolator_from(grid.array), exc.MeshException, "source_plane_data_grid: expected a Grid2D"),
        (lambda: uniform.interpolator_from(grid, border_relocator=1), exc.MeshException, "border_relocator: expected"),
        (
            lambda: aa.mesh.Delaunay(24).interpolator_from(grid, vertices.array),
            exc.MeshException,
            "source_plane_mesh_grid: expected a Grid2DIrregular, found",
        ),
        (lambda: aa.OverSampler(np.ones((2, 2)), 2), exc.GridException, r"OverSampler\.mask: expected a Mask2D"),
        (lambda: aa.BorderRelocator(3, 2), exc.MeshException, r"BorderRelocator\.mask: expected a Mask2D, found 3"),
        (lambda: aa.GridsInterface(lp=3), exc.GridException, r"GridsInterface\.lp: expected a grid or None, found 3"),
        (lambda: aa.Convolver(dataset.psf.kernel, normalize=1), exc.KernelException, r"normalize: expected True or"),
        (lambda: aa.Convolver(dataset.psf.kernel, use_fft="a"), exc.KernelException, r"use_fft: expected True or"),
        (
            lambda: aa.image_mesh.append_with_circle_edge_points(vertices, (0.0, 0.0), float("nan"), 3),
            exc.PixelizationException,
            "radius: expected a finite number of at least 0, found nan",
        ),
        (
            lambda: aa.image_mesh.append_with_circle_edge_points(vertices, (0.0, 0.0), 1.0, 2.5),
            exc.PixelizationException,
            r"n_points: expected a whole number of at least 0, found 2\.5",
        ),
    ]
    for call, error, message in refused:
        with pytest.raises(error, match=message):
            call()
