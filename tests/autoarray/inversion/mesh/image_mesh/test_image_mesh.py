"""Image meshes against the numbers of PyAutoArray 2026.10.26.1, and by what defines them."""

import json
import sys
from pathlib import Path

import numpy as np
import problems
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autoarray as aa
from autoarray.inversion.mesh.image_mesh import hilbert, overlay

with np.load(Path(__file__).parents[4] / "data" / "reference" / "image_meshes.npz", allow_pickle=False) as file:
    ARRAYS = {name: file[name] for name in file.files}
ABOUT = json.loads(str(ARRAYS.pop("about")))
KINDS = ABOUT["masks"]


def mask_from(kind):
    return aa.Mask2D(mask=ARRAYS[f"in/{kind}/mask"], pixel_scales=ABOUT["pixel_scale"])


def adapt_data_from(kind):
    return aa.Array2D(values=ARRAYS[f"in/{kind}/adapt_data"], mask=mask_from(kind))


def hilbert_grid_from(kind="circular", **kwargs):
    mesh = aa.image_mesh.Hilbert(**kwargs)
    return mesh.image_plane_mesh_grid_from(mask=mask_from(kind), adapt_data=adapt_data_from(kind))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("i", range(len(ABOUT["shapes"])))
def test_overlay_equals_the_peers(kind, i):
    mesh, mask = aa.image_mesh.Overlay(shape=ABOUT["shapes"][i]), mask_from(kind)
    grid = mesh.image_plane_mesh_grid_from(mask=mask)
    expected = ARRAYS[f"out/{kind}/overlay_{i}"]
    np.testing.assert_allclose(grid.array, expected, atol=1e-12)
    # Of the same vertices: rounding decides where one at the edge of two pixels is.
    counts = mesh.mesh_pixels_per_image_pixels_from(mask=mask, mesh_grid=aa.Grid2DIrregular(expected))
    np.testing.assert_array_equal(counts.array, ARRAYS[f"out/{kind}/overlay_{i}_counts"])


@pytest.mark.parametrize("kind", ["circular", "off_centre"])
@pytest.mark.parametrize("i", range(len(ABOUT["weights"])))
def test_hilbert_equals_the_peers(kind, i):
    pixels, floor, power = ABOUT["weights"][i]
    grid = hilbert_grid_from(kind, pixels=pixels, weight_floor=floor, weight_power=power)
    assert grid.shape == (int(pixels), 2)
    np.testing.assert_allclose(grid.array, ARRAYS[f"out/{kind}/hilbert_{i}"], atol=1e-10)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("i", range(len(ABOUT["weights"])))
def test_kmeans_equals_the_peers(kind, i):
    sklearn = pytest.importorskip("sklearn")
    pixels, floor, power = ABOUT["weights"][i]
    mesh, mask = aa.image_mesh.KMeans(pixels, floor, power), mask_from(kind)
    adapt_data = adapt_data_from(kind)
    np.testing.assert_allclose(mesh.weight_map_from(adapt_data), ARRAYS[f"out/{kind}/weights_{i}"], rtol=1e-14)
    grid = mesh.image_plane_mesh_grid_from(mask=mask, adapt_data=adapt_data)
    again = mesh.image_plane_mesh_grid_from(mask=mask, adapt_data=adapt_data)
    np.testing.assert_array_equal(grid.array, again.array)
    assert grid.shape == (int(pixels), 2)
    if sklearn.__version__ == ABOUT["scikit-learn"]:
        np.testing.assert_allclose(grid.array, ARRAYS[f"out/{kind}/kmeans_{i}"], atol=1e-12)


# ---------------------------------------------------------------------- by definition


def test_overlay_covers_the_unmasked_pixels():
    mask = aa.Mask2D.all_false(shape_native=(4, 6), pixel_scales=(0.5, 0.25), origin=(1.0, -2.0))
    grid = aa.image_mesh.Overlay(shape=(2, 3)).image_plane_mesh_grid_from(mask=mask).array
    y, x = np.meshgrid([1.5, 0.5], [-2.5, -2.0, -1.5], indexing="ij")
    np.testing.assert_allclose(grid, np.stack((y.ravel(), x.ravel()), axis=1))


def test_the_functions_of_an_overlay():
    mask = np.array([[True, False], [False, False]])
    centres = np.array([[0, 0], [0, 1], [1, 0], [1, 1], [5, 5], [-1, 0]])
    chosen = overlay.overlay_for_mask_from(3, mask, centres)
    assert overlay.total_pixels_2d_from(mask, centres) == 3
    assert chosen.tolist() == [1, 2, 3]
    assert overlay.mask_for_overlay_from(mask, centres, 3).tolist() == [0, 0, 1, 2, 2, 2]
    np.testing.assert_array_equal(overlay.overlay_via_unmasked_overlaid_from(centres * 1.0, chosen), centres[1:4])


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 40), st.integers(1, 40))
def test_the_curve_visits_each_pixel_once(width, height):
    steps = np.array(list(hilbert.gilbert2d(width, height)))
    assert len(steps) == width * height
    assert len(np.unique(steps, axis=0)) == width * height
    assert steps.min() == 0
    assert (steps.max(axis=0) == (width - 1, height - 1)).all()
    # A step of the generalized curve is to a neighbor; where a side is odd, one of them may be diagonal.
    along = np.abs(np.diff(steps, axis=0))
    assert along.max(initial=0) <= 1
    assert (along.sum(axis=1) == 2).sum() <= 1


def test_samples_are_at_equal_steps_of_the_distribution():
    # PyAutoArray 2026.10.26.1, called with these arguments.
    probabilities = np.array([0.1, 0.2, 0.0, 0.4, 0.3])
    along = np.arange(5.0)
    index, x, y = hilbert.inverse_transform_sampling_interpolated(probabilities, 5, along, along**2)
    np.testing.assert_allclose(index, [0.0, 0.833333325, 2.4999999875, 3.166666641667, 3.999999966667], rtol=1e-11)
    np.testing.assert_array_equal(x, index)
    np.testing.assert_allclose(y, [0.0, 0.833333325, 6.4999999375, 10.166666491667, 15.999999766667], rtol=1e-11)
    with pytest.raises(aa.exc.PixelizationException, match=r"add up to 1, found a sum of 0\.5"):
        hilbert.inverse_transform_sampling_interpolated(probabilities / 2.0, 5, along, along)


@pytest.mark.parametrize("kind", KINDS)
def test_overlay_moves_with_the_origin_of_the_mask(kind):
    # PyAutoArray does not: it takes most of these vertices to be masked.
    mask, origin = mask_from(kind), np.array([0.35, -0.6])
    moved = aa.Mask2D(mask=np.asarray(mask.array), pixel_scales=mask.pixel_scales, origin=tuple(origin))
    mesh = aa.image_mesh.Overlay(shape=(7, 11))
    expected = mesh.image_plane_mesh_grid_from(mask=mask).array + origin
    np.testing.assert_allclose(mesh.image_plane_mesh_grid_from(mask=moved).array, expected, atol=1e-12)


def test_hilbert_on_an_image_that_is_not_square():
    # PyAutoArray fails here. The image around the mask makes no difference, but how the squares between pixels are cut
    # into triangles may, which moves vertices along the curve.
    mask, adapt_data = mask_from("circular"), adapt_data_from("circular")
    wide = np.pad(np.asarray(mask.array), ((0, 0), (3, 3)), constant_values=True)
    wide = aa.Mask2D(mask=wide, pixel_scales=mask.pixel_scales)
    mesh = aa.image_mesh.Hilbert(pixels=100, weight_power=1.0)
    expected = mesh.image_plane_mesh_grid_from(mask=mask, adapt_data=adapt_data).array
    found = mesh.image_plane_mesh_grid_from(mask=wide, adapt_data=aa.Array2D(values=adapt_data.array, mask=wide)).array
    np.testing.assert_allclose(found.mean(axis=0), expected.mean(axis=0), atol=0.01)
    np.testing.assert_allclose(found.std(axis=0), expected.std(axis=0), atol=0.01)


def test_hilbert_follows_the_image():
    bright = np.array([0.1, -0.15])
    weighted = hilbert_grid_from(pixels=200, weight_power=1.0).array
    uniform = hilbert_grid_from(pixels=200, weight_power=0.0).array
    near = [(np.hypot(*(grid - bright).T) < 0.3).sum() for grid in (weighted, uniform)]
    assert near[0] > 3 * near[1]
    assert (np.hypot(*uniform.T) <= mask_from("circular").circular_radius).all()


def test_weights_are_shares_to_a_power_above_a_floor():
    # PyAutoArray 2026.10.26.1 has these weights.
    values = np.array([0.0, 0.5, 1.0, 4.0])
    for floor, power, expected in (
        (0.0, 0.0, [1.0, 1.0, 1.0, 1.0]),
        (0.0, 1.0, [0.0, 0.125, 0.25, 1.0]),
        (0.1, 1.0, [0.1, 0.125, 0.25, 1.0]),
        (0.3, 2.0, [0.3, 0.3, 0.3, 1.0]),
    ):
        np.testing.assert_array_equal(aa.image_mesh.Hilbert(10, floor, power).weight_map_from(values), expected)
    np.testing.assert_array_equal(aa.image_mesh.KMeans(10, 0.0, 1.0).weight_map_from(np.array([-1.0, 2.0])), [0.5, 1.0])


def test_points_on_a_circle_are_appended():
    grid = aa.Grid2DIrregular([[0.0, 0.0], [1.0, 1.0]])
    found = aa.image_mesh.append_with_circle_edge_points(grid, centre=(0.1, 0.2), radius=0.5, n_points=5)
    # PyAutoArray 2026.10.26.1.
    expected = [
        [0.1, 0.7],
        [0.5755282581, 0.3545084972],
        [0.3938926261, -0.2045084972],
        [-0.1938926261, -0.2045084972],
        [-0.3755282581, 0.3545084972],
    ]
    np.testing.assert_array_equal(found.array[:2], grid.array)
    np.testing.assert_allclose(found.array[2:], expected, atol=1e-10)
    none = aa.image_mesh.append_with_circle_edge_points(grid, centre=(0.0, 0.0), radius=1.0, n_points=0)
    np.testing.assert_array_equal(none.array, grid.array)


def test_vertices_outside_the_image_are_not_counted():
    mask = mask_from("circular")
    grid = aa.Grid2DIrregular([[0.0, 0.0], [0.02, -0.01], [50.0, 0.0]])
    counts = aa.image_mesh.Overlay().mesh_pixels_per_image_pixels_from(mask=mask, mesh_grid=grid)
    assert counts.array.sum() == counts.array.max() == 2.0


def test_the_vertices_feed_a_mesh():
    dataset = problems.dataset_from()
    vertices = aa.image_mesh.Hilbert(pixels=18, weight_power=0.7).image_plane_mesh_grid_from(
        mask=dataset.mask, adapt_data=problems.adapt_data_from(dataset)
    )
    vertices = aa.image_mesh.append_with_circle_edge_points(vertices, (0.0, 0.0), 0.8, 6)
    interpolator = aa.mesh.Delaunay(pixels=18, zeroed_pixels=6).interpolator_from(
        source_plane_data_grid=problems.traced_from(dataset),
        source_plane_mesh_grid=aa.Grid2DIrregular(problems.deflected(vertices.array)),
    )
    mapper = aa.Mapper(interpolator=interpolator, image_plane_mesh_grid=vertices)
    assert mapper.mesh_pixels_per_image_pixels.array.sum() == 18
    np.testing.assert_allclose(mapper.mapping_matrix.sum(axis=1), 1.0, rtol=1e-12)


# ---------------------------------------------------------------------- checks


def test_check_of_the_densest_pixels():
    mesh, mask = aa.image_mesh.Hilbert(20, 0.0, 1.0), mask_from("circular")
    grid = hilbert_grid_from(pixels=20, weight_power=1.0)
    counts = np.sort(np.asarray(mesh.mesh_pixels_per_image_pixels_from(mask, grid).array))
    assert mesh.check_mesh_pixels_per_image_pixels(mask, grid) is grid
    assert mesh.check_mesh_pixels_per_image_pixels(mask, grid, counts[-5], 5) is grid
    with pytest.raises(aa.exc.InversionException, match=f"at least {counts[-5] + 1} vertices in each of the 5 data"):
        mesh.check_mesh_pixels_per_image_pixels(mask, grid, counts[-5] + 1, 5)


def test_check_of_the_faintest_pixels():
    mesh, mask, adapt_data = aa.image_mesh.Hilbert(20, 0.0, 1.0), mask_from("circular"), adapt_data_from("circular")
    grid = hilbert_grid_from(pixels=20, weight_power=1.0)
    counts = np.asarray(mesh.mesh_pixels_per_image_pixels_from(mask, grid).array)
    faint = counts[np.argsort(adapt_data.array, kind="stable")[: int(0.8 * len(counts))]].sum() / 20
    arguments = {"mask": mask, "mesh_grid": grid, "adapt_data": adapt_data}
    mesh.check_adapt_background_pixels(**arguments)
    mesh.check_adapt_background_pixels(**arguments, image_mesh_adapt_background_percent_threshold=faint - 0.01)
    with pytest.raises(aa.exc.InversionException, match=r"in the faintest 0\.8 of the data pixels"):
        mesh.check_adapt_background_pixels(**arguments, image_mesh_adapt_background_percent_threshold=faint + 0.01)


# ---------------------------------------------------------------------- bad input


@pytest.mark.parametrize("cls", [aa.image_mesh.Hilbert, aa.image_mesh.KMeans])
def test_bad_input_of_weighted_meshes(cls):
    mask, adapt_data = mask_from("circular"), adapt_data_from("circular")
    for arguments, message in (
        ({"pixels": 0}, "pixels: expected at least 1, found 0"),
        ({"pixels": np.nan}, "pixels: expected at least 1"),
        ({"weight_floor": -0.1}, "weight_floor: expected a number from 0 on, found -0.1"),
        ({"weight_power": np.inf}, "weight_power: expected a number from 0 on"),
    ):
        with pytest.raises(ValueError, match=message):
            cls(**arguments)
    mesh = cls(pixels=5, weight_power=1.0)
    empty = aa.Mask2D(mask=np.full((5, 5), True), pixel_scales=0.1)
    for bad_mask, data, message in (
        (mask, None, "expected adapt_data, the image that the vertices follow, found None"),
        (mask, adapt_data.array[:-1], "unmasked pixels of the mask, found one of shape"),
        (mask, adapt_data * 0.0, "some of them positive, found values from 0.0 to 0.0"),
        (mask, adapt_data * np.nan, "expected an image of finite values"),
        (empty, adapt_data, "expected a mask with unmasked pixels"),
    ):
        with pytest.raises(aa.exc.PixelizationException, match=message):
            mesh.image_plane_mesh_grid_from(mask=bad_mask, adapt_data=data)


def test_bad_input_of_one_mesh():
    with pytest.raises(ValueError, match=r"Overlay.shape: expected two numbers of at least 1, found \(0, 3\)"):
        aa.image_mesh.Overlay(shape=(0, 3))
    assert aa.image_mesh.Overlay(shape=(12.5, 11.9)).shape == (12, 11)  # as a model draws it, and as PyAutoArray has it
    with pytest.raises(aa.exc.PixelizationException, match="Overlay: expected a mask with unmasked pixels"):
        aa.image_mesh.Overlay().image_plane_mesh_grid_from(mask=aa.Mask2D(np.full((5, 5), True), pixel_scales=0.1))
    with pytest.raises(aa.exc.PixelizationException, match="with centres in unmasked pixels, found none"):
        aa.image_mesh.Overlay(shape=(1, 1)).image_plane_mesh_grid_from(mask=mask_from("annular"))
    with pytest.raises(aa.exc.PixelizationException, match="Hilbert: expected a circular mask"):
        hilbert_grid_from("annular", pixels=5)
    mask = mask_from("circular")
    with pytest.raises(aa.exc.PixelizationException, match=f"KMeans.pixels: expected at most {mask.pixels_in_mask}"):
        aa.image_mesh.KMeans(pixels=mask.pixels_in_mask + 1).image_plane_mesh_grid_from(
            mask=mask, adapt_data=adapt_data_from("circular")
        )
    with pytest.raises(NotImplementedError, match="AbstractImageMesh does not choose vertices"):
        aa.image_mesh.AbstractImageMesh().image_plane_mesh_grid_from(mask=mask)


def test_without_scikit_learn_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.cluster", None)
    with pytest.raises(ImportError, match=r"autoarray-portable\[kmeans\]"):
        aa.image_mesh.KMeans(pixels=5).image_plane_mesh_grid_from(
            mask=mask_from("circular"), adapt_data=adapt_data_from("circular")
        )


def test_which_meshes_use_an_image():
    assert aa.image_mesh.Hilbert().uses_adapt_images
    assert aa.image_mesh.KMeans().uses_adapt_images
    assert not aa.image_mesh.Overlay().uses_adapt_images
    assert repr(aa.image_mesh.Hilbert(12, 0.1, 0.2)) == "Hilbert(pixels=12, weight_floor=0.1, weight_power=0.2)"
