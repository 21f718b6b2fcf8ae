"""Triangles that tile a plane, the shapes that are looked for in them, and the contours of grids."""

from __future__ import annotations

from serialization._schema.catalog.entry import Entry

_TRIANGLES = "autoarray.structures.triangles."
_SHAPE = f"{_TRIANGLES}shape:"
_LATTICE = ("_use_jax", "coordinates", "side_length", "x_offset", "y_offset", "flipped")
_INDEXED = ("_use_jax", "_indices", "_vertices")

TYPES = (
    Entry("autoarray.Point", f"{_SHAPE}Point", ("x", "y")),
    Entry("autoarray.Circle", f"{_SHAPE}Circle", ("x", "y", "radius")),
    Entry("autoarray.Triangle", f"{_SHAPE}Triangle", ("a", "b", "c")),
    Entry("autoarray.Square", f"{_SHAPE}Square", ("top", "bottom", "left", "right")),
    Entry("autoarray.Polygon", f"{_SHAPE}Polygon", ("vertices",)),
    Entry("autoarray.Step0Layout", f"{_TRIANGLES}array:Step0Layout", ("n_rows", "n_cols", "grid")),
    Entry(
        "autoarray.ArrayTriangles",
        f"{_TRIANGLES}array:ArrayTriangles",
        (*_INDEXED, "max_containing_size", "step0_layout"),
    ),
    Entry("autoarray.ArrayTrianglesNp", f"{_TRIANGLES}array_np:ArrayTrianglesNp", _INDEXED),
    Entry(
        "autoarray.CoordinateArrayTriangles",
        f"{_TRIANGLES}coordinate_array:CoordinateArrayTriangles",
        (*_LATTICE, "vertex_table", "step0_layout"),
    ),
    Entry(
        "autoarray.CoordinateArrayTrianglesNp",
        f"{_TRIANGLES}coordinate_array_np:CoordinateArrayTrianglesNp",
        _LATTICE,
    ),
    Entry(
        "autoarray.Grid2DContour",
        "autoarray.operators.contour:Grid2DContour",
        ("grid", "pixel_scales", "shape_native", "_contour_array"),
    ),
)
