"""Regions of the image and of the source, their outlines and clumps."""

import linear_objects
import numpy as np
import pytest
import vertex_problems
from hypothesis import given, settings
from hypothesis import strategies as st

import autoarray as aa
from autoarray.inversion.linear_obj.neighbors import Neighbors
from autoarray.inversion.mappings import (
    connected_components_from,
    contours_from_bool_native,
    image_regions_from_slim_mask,
)


def area_of(loop):
    """The area that a closed loop of (y, x) goes round clockwise, seen with y upwards; negative if it does not."""
    y, x = loop.T
    return 0.5 * np.sum(x[1:] * y[:-1] - x[:-1] * y[1:])


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**20 - 1))
def test_outlines_hold_the_area_of_the_pixels(bits):
    native = np.array([bits >> i & 1 for i in range(20)], dtype=bool).reshape(4, 5)
    geometry = aa.Mask2D.all_false(shape_native=(4, 5), pixel_scales=(0.5, 0.25), origin=(1.0, -2.0)).geometry
    loops = contours_from_bool_native(native, geometry)
    assert sum(area_of(loop) for loop in loops) == pytest.approx(native.sum() * 0.5 * 0.25)
    edges = sum(len(loop) - 1 for loop in loops)
    padded = np.pad(native, 1).astype(int)
    assert edges == np.abs(np.diff(padded, axis=0)).sum() + np.abs(np.diff(padded, axis=1)).sum()
    assert all((loop[0] == loop[-1]).all() for loop in loops)


def test_outlines_of_a_ring_and_of_pixels_that_touch():
    geometry = aa.Mask2D.all_false(shape_native=(3, 3), pixel_scales=1.0).geometry
    ring = np.ones((3, 3), dtype=bool)
    ring[1, 1] = False
    outer, hole = contours_from_bool_native(ring, geometry)
    assert (len(outer), len(hole)) == (13, 5)
    assert outer[0].tolist() == [1.5, -1.5]
    assert (area_of(outer), area_of(hole)) == (9.0, -1.0)
    touching = contours_from_bool_native(np.eye(3, dtype=bool), geometry)
    assert [area_of(loop) for loop in touching] == [1.0, 1.0, 1.0]
    np.testing.assert_array_equal(touching[0], [[1.5, -1.5], [1.5, -0.5], [0.5, -0.5], [0.5, -1.5], [1.5, -1.5]])


def test_regions_are_connected_at_corners_and_sorted_by_size():
    mask = aa.Mask2D(mask=np.eye(5, dtype=bool)[::-1], pixel_scales=1.0)
    native = np.zeros((5, 5), dtype=bool)
    native[[0, 1, 2, 4, 4], [0, 1, 1, 4, 3]] = True
    flags = native[~np.asarray(mask.array)]
    first, second = image_regions_from_slim_mask(mask, flags)
    np.testing.assert_array_equal(first.pixel_coordinates, [[0, 0], [1, 1], [2, 1]])
    np.testing.assert_array_equal(second.pixel_coordinates, [[4, 3], [4, 4]])
    assert first.centre == (1.0, pytest.approx(-4 / 3))
    assert [len(region.slim_indexes) for region in image_regions_from_slim_mask(mask, flags, min_pixels=3)] == [3]
    assert image_regions_from_slim_mask(mask, np.zeros_like(flags)) == []


def test_images_in_a_region():
    mask = aa.Mask2D.all_false(shape_native=(3, 3), pixel_scales=0.5)
    (region,) = image_regions_from_slim_mask(mask, np.arange(9) >= 7)
    image = aa.Array2D(values=np.arange(9.0), mask=mask)
    assert region.values_from(image).tolist() == region.values_from(np.arange(9.0).reshape(3, 3)).tolist() == [7.0, 8.0]
    assert region.area() == 0.5
    assert region.flux_from(image) == 15.0
    assert region.centroid_from(image) == pytest.approx((-0.5, 0.5 * 8 / 15))
    assert region.centroid_from(image * 0.0) == region.centre == (-0.5, 0.25)
    assert region.brightest_coordinate_from(image) == (-0.5, 0.5)
    np.testing.assert_array_equal(region.scaled_coordinates, [[-0.5, 0.0], [-0.5, 0.5]])
    with pytest.raises(aa.exc.ArrayException, match=r"shape \(3, 3\), the shape of the image that the region is in"):
        region.values_from(np.ones(9))


@settings(deadline=None, max_examples=30)
@given(st.sets(st.integers(0, 11), max_size=12), st.randoms())
def test_connected_components(chosen, random):
    # A chain of twelve pixels: components are runs of consecutive indexes.
    index = np.arange(12)
    arr = np.stack((index - 1, np.where(index < 11, index + 1, -1)), axis=1)
    arr[0] = [1, -1]
    neighbors = Neighbors(arr=arr, sizes=np.where((index == 0) | (index == 11), 1, 2))
    order = sorted(chosen, key=lambda _: random.random())
    found = connected_components_from(np.array(order, dtype=int), neighbors)
    rising = np.array(sorted(chosen), dtype=int)
    runs = np.split(rising, np.flatnonzero(np.diff(rising) > 1) + 1)
    expected = sorted((run for run in runs if run.size), key=lambda run: min(order.index(i) for i in run))
    assert [component.tolist() for component in found] == [run.tolist() for run in expected]


def test_outlines_of_voronoi_cells():
    mapper = aa.Mapper(interpolator=vertex_problems.interpolator_from())
    areas = np.asarray(mapper.mesh_geometry.voronoi_areas)
    (mapping,) = mapper.mappings_from(np.arange(mapper.params))
    bounded = np.flatnonzero(areas > 0.0)
    assert 0 < len(mapping.source_contours) <= len(bounded)
    vertices = np.asarray(mapper.source_plane_mesh_grid.array)
    lowest, highest = vertices.min(axis=0), vertices.max(axis=0)
    for loop in mapping.source_contours:
        assert (loop >= lowest - 1e-12).all()
        assert (loop <= highest + 1e-12).all()
        np.testing.assert_array_equal(loop[0], loop[-1])
    for index in bounded:
        (single,) = mapper.mappings_from([index])
        for loop in single.source_contours:
            assert abs(area_of(loop)) <= areas[index] * (1 + 1e-9)
    inside = [i for i in bounded if np.hypot(*(vertices[i] - vertices.mean(axis=0))) < 0.1]
    assert len(inside) >= 2
    for index in inside:
        (single,) = mapper.mappings_from([index])
        assert abs(area_of(single.source_contours[0])) == pytest.approx(areas[index], rel=1e-9)
    assert len(inside) > 2


def test_clumps_and_their_mappings(backend):
    inversion = linear_objects.inversion_from("functions_mapper", backend)
    values = np.asarray(inversion.reconstruction[3:])
    clumps = inversion.source_clumps_from(threshold=0.1, min_pixels=1)
    assert sorted(np.concatenate(clumps)) == np.flatnonzero(values > 0.1 * values.max()).tolist()
    peaks = [values[clump].max() for clump in clumps]
    assert peaks == sorted(peaks, reverse=True)
    assert inversion.source_clumps_from(threshold=0.1, min_pixels=1, total_clumps=1)[0].tolist() == clumps[0].tolist()
    assert inversion.source_clumps_from(threshold=0.1, min_pixels=37) == []
    groups = inversion.source_clumps_from(pix_indexes=[[1, 2], [9]])
    assert [group.tolist() for group in groups] == [[1, 2], [9]]
    mappings = inversion.mappings_from(weight_threshold=0.1, threshold=0.1, min_pixels=1)
    assert [mapping.peak_value for mapping in mappings] == peaks
    assert len(mappings[0].image_contours) == sum(len(region.contours) for region in mappings[0].image_regions)
    with pytest.raises(aa.exc.InversionException, match="mapper_index: expected 0 to 0, found 1"):
        inversion.source_clumps_from(mapper_index=1)


def test_mappings_say_what_they_are():
    mapper = linear_objects.mapper_from(1)
    (mapping,) = mapper.mappings_from([14, 15])
    assert repr(mapping).startswith("Mapping(mesh_pixels=2, source_centre=(")
    assert repr(mapping.image_regions[0]).startswith("ImageRegion(pixels=")
    assert repr(mapper.unique_mappings) == f"UniqueMappings(shape=({mapper.mask.pixels_in_mask}, 16))"
