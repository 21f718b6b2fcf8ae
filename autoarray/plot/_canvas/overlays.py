"""Overlays on an image or a source: outlines, points, lines and regions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray.mask.mask_2d import Mask2D
from autoarray.plot._canvas import look
from autoarray.plot._canvas.inputs import numpy_grid, numpy_lines, numpy_positions, values_of
from autoarray.plot._canvas.ticks import overlay_yx_for_origin

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Normalize
    from matplotlib.patheffects import AbstractPathEffect

    from autoarray.plot._canvas.arguments import Color, Colors, Extent, Groups, Values

# Told apart on dark and light backgrounds, and by most colour-blind readers (Okabe & Ito 2008).
REGION_COLORS = ("#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#f0e442", "#d55e00")
LINE_COLORS = ("white", *REGION_COLORS)


def _border(width: float, around: str = "black") -> list[AbstractPathEffect]:
    """A thin border that keeps a light line visible on a light background."""
    from matplotlib.patheffects import Normal, Stroke

    return [Stroke(linewidth=width + 1.0, foreground=around), Normal()]


class Turned:
    """What is drawn above an image that is upside down: turned with it about the middle of its extent.

    Parameters
    ----------
    extent
        The sides (x_min, x_max, y_min, y_max) of the image, or None for one that is not upside down.
    """

    def __init__(self, extent: Extent | None) -> None:
        self._extent = extent

    def lines(self, lines: list[np.ndarray]) -> list[np.ndarray]:
        """Arrays of (y, x) coordinates, or of (y, x, vy, vx) vectors."""
        extent = self._extent
        return lines if extent is None else [np.asarray(overlay_yx_for_origin(x, extent, "lower")) for x in lines]

    def points(self, points: Values | None) -> Values | None:
        """(y, x) coordinates of shape (N, 2)."""
        grid = None if self._extent is None else numpy_grid(points)
        return points if grid is None else self.lines([grid])[0]

    def vectors(self, vectors: Values | None) -> Values | None:
        """Vectors (y, x, vy, vx) of shape (N, 4)."""
        return vectors if vectors is None else self.lines([np.asarray(values_of(vectors), dtype=float)])[0]

    def groups(self, groups: Groups | None) -> Groups | None:
        """Lines, or groups of positions, as `numpy_lines` reads them."""
        lines = None if self._extent is None else numpy_lines(groups)
        return groups if lines is None else self.lines(lines)

    def regions(self, regions: Sequence[Groups] | None) -> Sequence[Groups] | None:
        """Regions, as `plot_regions` reads them."""
        if self._extent is None or not regions:
            return regions
        return [self.lines([np.asarray(values_of(loop), dtype=float) for loop in _loops_of(each)]) for each in regions]

    def extent(self, extent: Extent) -> Extent:
        """The sides (x_min, x_max, y_min, y_max) of what is shown."""
        if self._extent is None:
            return extent
        middle = self._extent[2] + self._extent[3]
        return extent[0], extent[1], middle - extent[3], middle - extent[2]


def draw_points(
    ax: Axes, points: Values | None, color: Color, size: float, marker: str = "o", edge: Color = "black"
) -> None:
    """Draw (y, x) points."""
    places = numpy_grid(points)
    if places is not None and len(places):
        face: dict[str, Any] = {"color": color} if marker in "+x." else {"facecolors": color, "edgecolors": edge}
        ax.scatter(places[:, 1], places[:, 0], s=size, marker=marker, linewidths=0.4, zorder=4, **face)


def draw_lines(ax: Axes, lines: Groups | None, colors: Colors | None = None, width: float = 1.2) -> None:
    """Draw (y, x) lines, each in the next colour."""
    for line, color in zip(numpy_lines(lines) or [], cycle(_colors_of(colors, LINE_COLORS)), strict=False):
        ax.plot(line[:, 1], line[:, 0], color=color, lw=width, zorder=3, path_effects=_border(width))


def draw_positions(ax: Axes, positions: Groups | None) -> None:
    """Draw groups of (y, x) positions as dots, each group in a colour of its own."""
    for group, color in zip(numpy_positions(positions) or [], cycle(REGION_COLORS), strict=False):
        draw_points(ax, group, color, size=26.0)


def draw_mask(ax: Axes, mask: Values | None, turned: Turned) -> None:
    """Draw the outline of a mask, or the (y, x) points of its edge."""
    if not isinstance(mask, Mask2D):
        draw_points(ax, turned.points(mask), "black", size=1.5)
        return
    from autoarray.inversion.mappings.outlines import contours_from_bool_native

    for loop in turned.lines(contours_from_bool_native(~np.asarray(values_of(mask), dtype=bool), mask.geometry)):
        ax.plot(loop[:, 1], loop[:, 0], color="white", lw=0.8, zorder=3, path_effects=_border(0.8))


def draw_vectors(ax: Axes, vector_yx: Values | None) -> None:
    """Draw vectors (y, x, vy, vx), of shape (N, 4), as arrows."""
    if vector_yx is not None:
        y, x, along_y, along_x = np.asarray(values_of(vector_yx), dtype=float).T
        ax.quiver(x, y, along_x, along_y, color="white", angles="xy", zorder=4, path_effects=_border(0.4))


def draw_contours(ax: Axes, values: np.ndarray, extent: Extent, total: int, norm: Normalize, use_log10: bool) -> None:
    """Draw lines of equal values of an image, at `total` levels between the limits of its colours."""
    low, high = norm.vmin, norm.vmax
    assert low is not None
    assert high is not None
    spaced = np.geomspace if use_log10 else np.linspace
    levels = spaced(low, high, total + 2)[1:-1]
    finite = values[np.isfinite(values)]
    levels = levels[(levels > finite.min()) & (levels < finite.max())] if finite.size else levels[:0]
    if len(levels):
        rows, columns = values.shape
        x = extent[0] + (np.arange(columns) + 0.5) * (extent[1] - extent[0]) / columns
        y = extent[3] - (np.arange(rows) + 0.5) * (extent[3] - extent[2]) / rows
        finite_values = np.ma.masked_invalid(values)
        drawn = ax.contour(x, y, finite_values, levels=levels, colors="white", linewidths=0.7, zorder=2)
        if look.contours_have_values():
            ax.clabel(drawn, fontsize=8, fmt="%.2g", zorder=3)


def plot_regions(
    ax: Axes,
    regions: Sequence[Groups] | None,
    region_colors: Colors | None = None,
    region_alpha: float = 0.25,
    region_labels: Sequence[str] | None = None,
) -> None:
    """Draw regions as filled polygons with outlines, each in a colour of its own.

    Parameters
    ----------
    ax
        The panel.
    regions
        For each region a list of closed (y, x) loops of shape (N, 2), or a single loop.
    region_colors
        The colours of the regions; more regions than colours begin again at the first colour.
    region_alpha
        The opacity of the fill; the outline is opaque.
    region_labels
        A text for each region, drawn at the centre of each separate part of it.
    """
    if not regions:
        return
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    colors = cycle(_colors_of(region_colors, REGION_COLORS))
    for index, (region, color) in enumerate(zip(regions, colors, strict=False)):
        loops = [np.asarray(values_of(loop), dtype=float) for loop in _loops_of(region)]
        if not loops:
            continue
        # One path, so that a hole stays empty and neighbors don't darken each other.
        path = Path.make_compound_path(*[Path(loop[:, ::-1], closed=True) for loop in loops])
        ax.add_patch(PathPatch(path, facecolor=color, alpha=region_alpha, edgecolor="none", zorder=2.5))
        for loop in outline_of(loops):
            ax.plot(loop[:, 1], loop[:, 0], color=color, lw=1.1, zorder=3)
        if region_labels is not None and index < len(region_labels):
            for y, x in _label_places(loops):
                ax.annotate(
                    str(region_labels[index]),
                    (x, y),
                    color="white",
                    fontsize=9,
                    fontweight="bold",
                    ha="center",
                    va="center",
                    zorder=5,
                    path_effects=_border(1.4),
                    clip_on=True,
                    annotation_clip=True,
                )


def _loops_of(region: Groups) -> list[Any]:
    single = getattr(getattr(region, "array", region), "ndim", 0) == 2
    return [region] if single else list(region)  # type: ignore[arg-type]


def outline_of(loops: list[np.ndarray]) -> list[np.ndarray]:
    """The outline of cells that lie side by side: the edges that belong to one closed loop only."""
    ends = np.concatenate([np.stack((loop[:-1], loop[1:]), axis=1) for loop in loops])
    scale = float(np.ptp(ends.reshape(-1, 2), axis=0).max()) or 1.0
    rounded = np.round(ends / (1e-9 * scale)).astype(np.int64)
    first = rounded[:, 0, :] if len(rounded) else rounded
    swap = (first[:, 0] > rounded[:, 1, 0]) | ((first[:, 0] == rounded[:, 1, 0]) & (first[:, 1] > rounded[:, 1, 1]))
    rounded[swap] = rounded[swap][:, ::-1]
    _, inverse, counts = np.unique(rounded.reshape(-1, 4), axis=0, return_inverse=True, return_counts=True)
    return list(ends[counts[inverse.reshape(-1)] == 1])


def _label_places(loops: list[np.ndarray]) -> list[tuple[float, float]]:
    """A place well inside each separate part of a region: loops that touch, or are holes of others, are one part."""
    from matplotlib.path import Path
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import KDTree

    paths = [Path(loop) for loop in loops]
    corners = np.concatenate(loops)
    owner = np.repeat(np.arange(len(loops)), [len(loop) for loop in loops])
    scale = float(np.ptp(corners, axis=0).max()) or 1.0
    linked = np.eye(len(loops), dtype=bool)
    for one, other in KDTree(corners).query_pairs(1e-9 * scale):
        linked[owner[one], owner[other]] = True
    for index, path in enumerate(paths):
        linked[index] |= path.contains_points(np.array([loop[0] for loop in loops]))
    total, labels = connected_components(linked, directed=False)
    places = []
    for part in range(total):
        members = np.flatnonzero(labels == part)
        outline = np.concatenate(outline_of([loops[index] for index in members]))
        low, high = outline.min(axis=0), outline.max(axis=0)
        steps = (np.arange(40) + 0.5) / 40
        trial = np.stack(np.meshgrid(*(low + steps[:, None] * (high - low)).T, indexing="ij"), axis=-1).reshape(-1, 2)
        inside = np.sum([paths[index].contains_points(trial) for index in members], axis=0) % 2 == 1
        if not inside.any():
            continue
        away, _ = KDTree(outline).query(trial[inside])
        y, x = trial[inside][np.argmax(away)]
        places.append((float(y), float(x)))
    return places


def _colors_of(colors: Colors | None, default: Sequence[Color]) -> list[Color]:
    return (
        list(default) if colors is None or len(colors) == 0 else [colors] if isinstance(colors, str) else list(colors)
    )
