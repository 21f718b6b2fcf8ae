"""Which releases of PyAutoArray can have written a pickle, read off the states in it.

A state has attributes that came, and lacks others that went, with certain releases. Each gives a window
of releases; the windows of all objects of a graph have in common what wrote it, unless it mixes objects
of several releases.
"""

# pyright: strict

from __future__ import annotations

import re
from collections.abc import Iterable

from serialization.errors import SchemaError, UnsupportedValueError

Release = tuple[int, ...]
Window = tuple[Release, Release]

FIRST: Release = (2026, 5, 1, 4)
LAST: Release = (2026, 10, 26, 1)
ANY: Window = (FIRST, (9999,))
# The releases that wrote each schema version of the meshes (`_schema/catalog/`).
SCHEMAS: dict[int, Window] = {
    1: (FIRST, (2026, 5, 14, 2)),
    2: ((2026, 5, 21, 1), (2026, 7, 9, 1)),
    3: ((2026, 7, 15, 1), (2026, 7, 23, 1)),
    4: ((2026, 7, 25, 2), (2026, 8, 20, 1)),
    5: ((2026, 8, 22, 1), (2026, 9, 4, 1)),
    6: ((2026, 9, 8, 1), (9999,)),
}
LAST_EXCHANGED: Release = (2026, 8, 23, 1)  # the last to exchange row weights
FIRST_CORRECTED: Release = (2026, 8, 29, 1)
LAST_CELL_AREAS: Release = (2026, 10, 2, 1)  # the last with areas of even cells
FIRST_NODE_AREAS: Release = (2026, 10, 4, 1)

# (class, attribute, the first release that has it, the last that has not); where several releases lie between those
# two, both bounds are the wide ones.
_CAME = (
    ("Settings", "nnls_solver_tol", (2026, 7, 15, 1), (2026, 7, 9, 1)),
    ("Settings", "_log_det_method", (2026, 7, 19, 1), (2026, 7, 15, 1)),
    ("Settings", "_regularization_term_method", (2026, 7, 29, 2), (2026, 8, 20, 1)),
    ("Settings", "_nnls_warm_start_memo", (2026, 8, 29, 1), (2026, 8, 23, 1)),
    ("Settings", "_positive_only_solver", (2026, 9, 26, 1), (2026, 9, 26, 1)),
    ("Settings", "_interferometer_route", (2026, 10, 11, 1), (2026, 10, 12, 1)),
    ("ConvolverState", "fft_kernel_c64", (2026, 5, 14, 2), (2026, 5, 8, 2)),
    ("ConvolverState", "image_mask", (2026, 7, 9, 1), (2026, 5, 29, 4)),
    ("ConvolverState", "source_mask", (2026, 8, 29, 1), (2026, 8, 23, 1)),
    ("Imaging", "convolve_over_sample_size_lp", (2026, 7, 9, 1), (2026, 5, 29, 4)),
    ("InversionImagingMapping", "_preloads", (2026, 7, 9, 1), (2026, 5, 29, 4)),
    ("InversionImagingMapping", "_nnls_factor", (2026, 9, 14, 1), (2026, 9, 15, 1)),
    ("DatasetModel", "grid_rotation_angle", (2026, 5, 21, 1), (2026, 5, 14, 2)),
)


def release_from(text: object) -> Release:
    """A release as numbers, which compare in the order of time.

    Raises
    ------
    UnsupportedValueError
        If it is none.
    """
    match = re.match(r"(\d{4})\.(\d+)\.(\d+)\.(\d+)(?:\.post\d+)?$", text) if isinstance(text, str) else None
    if match is None:
        raise UnsupportedValueError(f"written_by: expected a release such as '2026.8.23.1', found {text!r:.80}")
    return tuple(map(int, match.groups()))


def release_name(release: Release) -> str:
    """A release as text; the end of an open window is the newest."""
    return "the newest" if release > LAST else ".".join(map(str, release))


def window_of_state(name: str, state: Iterable[str]) -> Window:
    """The releases that can have written an object of a class with these attributes, as far as that tells."""
    keys, low, high = set(state), *ANY
    for cls, attribute, first_with, last_without in _CAME:
        if cls == name:
            low = max(low, first_with if attribute in keys else FIRST)
            high = min(high, ANY[1] if attribute in keys else last_without)
    return low, high


def window_of_versions(versions: Iterable[int]) -> Window:
    """The releases that wrote any of some schema versions of the meshes."""
    versions = sorted(versions)
    return SCHEMAS[versions[0]][0], SCHEMAS[versions[-1]][1]


def overlap(one: Window, other: Window) -> bool:
    """Whether two windows have a release in common."""
    return max(one[0], other[0]) <= min(one[1], other[1])


def common(windows: Iterable[Window], written_by: Release | None) -> Window:
    """What windows have in common; all releases if there is no such, which is how a graph of several releases looks.

    Raises
    ------
    SchemaError
        If `written_by` lies outside.
    """
    windows = list(windows)
    low, high = max((low for low, _ in windows), default=FIRST), min((high for _, high in windows), default=ANY[1])
    if low > high:
        low, high = ANY
    if written_by is None:
        return low, high
    if not low <= written_by <= high:
        raise SchemaError(
            f"expected states that release {release_name(written_by)} writes, as written_by says, found those of "
            f"{release_name(low)} to {release_name(high)}"
        )
    return written_by, written_by


def fits(window: Window, versions: Iterable[int]) -> list[int]:
    """Those schema versions that a window allows, or all of them if it allows none."""
    versions = sorted(versions)
    return [version for version in versions if overlap(window, SCHEMAS[version])] or versions


def describe(window: Window) -> str:
    """A window as text."""
    low, high = map(release_name, window)
    return f"release {low}" if low == high else f"releases {low} to {high}"
