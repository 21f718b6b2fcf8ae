# pyright: strict
"""The look of figures: that of this library, or what the user's configuration says (`config/visualize/general.yaml`).

The configuration has a say where PyAutoLens is in use; see `autoarray._configuration`.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, cast

from autoarray import _configuration

if TYPE_CHECKING:
    from autoarray.plot._canvas.arguments import ColorMap, Size

DPI = 130
# One panel with its labels and colour bar, in inches.
PANEL = (5.2, 4.3)
CMAP, DIVERGING = "magma", "RdBu_r"
# The sizes of texts, by the section of the configuration that has them.
FONTS = {
    "title": 11,
    "title_subplot": 11,
    "xlabel": 9,
    "ylabel": 9,
    "xticks": 8,
    "yticks": 8,
    "xticks_subplot": 8,
    "yticks_subplot": 8,
}
ORIGINS = ("upper", "lower")


def is_configured() -> bool:
    """Whether figures look as the user's configuration says."""
    return _configuration.in_use()


def _setting(section: str, name: str, default: Any) -> Any:
    return _configuration.value("visualize", "general", section, name, default=default)


def dots_per_inch() -> int:
    """The dots per inch of image files."""
    return int(_number("general", "dpi", DPI))


def panel_size() -> Size:
    """The width and height of each of several panels, in inches."""
    return _size_of("subplot_shape_to_figsize_factor", PANEL)


def figure_size() -> Size:
    """The width and height of a figure with one panel, in inches."""
    return _size_of("figsize", PANEL)


def _size_of(name: str, default: Size) -> Size:
    keys = ("visualize", "general", "mat_plot", "figure", name)
    found: Any = _configuration.value(*keys, default=default)
    try:
        width, height = ast.literal_eval(found) if isinstance(found, str) else found
        size = float(width), float(height)
    except (TypeError, ValueError, SyntaxError):
        size = (0.0, 0.0)
    if not all(0.0 < side < 1e4 for side in size):
        raise ValueError(f"{_configuration.place_of(keys)}: expected (width, height) in inches, found {found!r:.80}")
    return size


def color_map(given: ColorMap | None = None) -> ColorMap:
    """The colour map given, or that of images for None and "default"."""
    if given is None or (isinstance(given, str) and given == "default"):
        given = str(_configuration.value("visualize", "general", "colormap", default=CMAP))
    if isinstance(given, str) and given == "autoarray":
        from autoarray.plot import segmentdata

        segmentdata.register()
    return given


def font_size(section: str, default: float | None = None) -> float:
    """The size of a kind of text in points, such as "title"; `default` where the configuration lacks it."""
    fallback = FONTS.get(section, 8) if default is None else default
    return _configuration.number("visualize", "general", "mat_plot", section, "fontsize", default=fallback)


def origin() -> str:
    """The corner at which row 0 of an image is drawn: "upper" or "lower"."""
    found = _setting("general", "imshow_origin", "upper")
    if found not in ORIGINS:
        place = _configuration.place_of(("visualize", "general", "general", "imshow_origin"))
        raise ValueError(f"{place}: expected one of {ORIGINS}, found {found!r:.80}")
    return found


def output_format() -> str:
    """What becomes of a figure for which the caller names no format: "show", or the suffix of its file."""
    found = _setting("general", "output_format", "show")
    if isinstance(found, (list, tuple)) and found:
        return str(cast("list[Any] | tuple[Any, ...]", found)[0])
    return str(cast(object, found))


def lowest_logarithmic() -> float | None:
    """The lowest value of logarithmic colour scales; None where the configuration has no say."""
    return _number("general", "log10_min_value", 1e-4) if is_configured() else None


def highest_logarithmic() -> float:
    """The highest value of logarithmic colour scales."""
    return _number("general", "log10_max_value", 1e99)


def zooms_to_mask() -> bool:
    """Whether images show what is not masked only."""
    return _configuration.flag("visualize", "general", "general", "zoom_around_mask", default=True)


def total_contours(use_log10: bool) -> int:
    """How many contours an image has for which no number is given: of a configuration, on logarithmic scales."""
    return int(_number("contour", "total_contours", 10)) if use_log10 and is_configured() else 0


def contours_have_values() -> bool:
    """Whether each contour carries its number."""
    return is_configured() and _configuration.flag("visualize", "general", "contour", "include_values", default=True)


def colorbar_setting(name: str, default: float) -> float:
    """The fraction, the pad, the size or the rotation of a colour bar or its labels."""
    return _number("colorbar", name, default)


def ticks_setting(name: str, default: float) -> float:
    """The number of ticks of an axis in arc-seconds, or how far from the centre the outermost ones stand."""
    return _number("ticks", name, default)


def ticks_flag(name: str, default: bool) -> bool:
    """How the labels of ticks are written."""
    return _configuration.flag("visualize", "general", "ticks", name, default=default)


def minus_in_math() -> bool:
    """Whether the labels of ticks have the minus of mathematics."""
    return ticks_flag("minus_in_math", False)


def _number(section: str, name: str, default: float) -> float:
    return _configuration.number("visualize", "general", section, name, default=default)
