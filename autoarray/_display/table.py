"""A small table about an object for notebooks, of escaped text alone; like `line.py` it computes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from autoarray._display import line

_MOST_OBJECTS = 8
_TERMS = (
    "chi_squared",
    "reduced_chi_squared",
    "noise_normalization",
    "log_likelihood",
    "regularization_term",
    "log_det_curvature_reg_matrix_term",
    "log_det_regularization_matrix_term",
    "log_likelihood_with_regularization",
    "log_evidence",
)


class Tabular(Protocol):
    """An object that names the rows of its table."""

    def _html_rows(self) -> list[tuple[str, str]]: ...


def table_of(instance: Tabular) -> str:
    """The table of the rows of `instance._html_rows()`; it never raises."""
    name = type(instance).__name__
    try:
        rows = [(label, text) for label, text in instance._html_rows() if text]
    except Exception:  # a state that is not one of ours, or only a part of it
        rows = [("state", line.INCOMPLETE)]
    return table(name, rows)


def table(title: str, rows: Iterable[tuple[str, str]]) -> str:
    """A table of two columns of escaped text, with a title above."""
    body = "".join(
        f'<tr><th style="text-align:left">{_text(label)}</th><td style="text-align:left">{_text(text)}</td></tr>'
        for label, text in rows
    )
    return f"<table><caption><b>{_text(title)}</b></caption><tbody>{body}</tbody></table>"


def dataset(instance: object) -> list[tuple[str, str]]:
    """The rows of a dataset of an image."""
    state = vars(instance)
    data = state["data"]
    psf = line.stored(state["psf"], "kernel")
    return [
        ("backend", line.backend(data)),
        ("data", line.pixels_of(data)),
        ("native", line.grid_of(line.stored(data, "mask"))),
        ("psf", "none" if psf is None else line.grid_of(line.stored(psf, "mask"))),
        *(
            (name.replace("_", " "), line.sizes(state[name]))
            for name in ("over_sample_size_lp", "over_sample_size_pixelization")
            if state.get(name) is not None
        ),
        *(
            (name.replace("_", " "), line.value(state[name]))
            for name in ("noise_covariance_matrix", "sparse_operator")
            if state.get(name) is not None
        ),
    ]


def fit(instance: object) -> list[tuple[str, str]]:
    """The rows of a fit: its data, its inversion, and the terms of its evidence that it has evaluated."""
    state = vars(instance)
    inversion = state.get("_inversion")
    return [
        ("backend", line.backend(instance)),
        ("data", line.pixels_of(line.stored(state["dataset"], "data"))),
        ("native", line.grid_of(line.stored(line.stored(state["dataset"], "data"), "mask"))),
        ("inversion", "none" if inversion is None else type(inversion).__name__),
        *_linear_objects(inversion),
        *_terms(inversion),
        *_terms(instance),
    ]


def inversion(instance: object) -> list[tuple[str, str]]:
    """The rows of an inversion: its data, its linear objects, and the terms that it has evaluated."""
    reconstruction = line.stored(instance, "reconstruction")
    return [
        ("backend", line.backend(instance)),
        ("data", line.pixels_of(line.stored(vars(instance)["dataset"], "data"))),
        *_linear_objects(instance),
        ("settings", line.compact(vars(instance).get("settings"), 120)),
        ("reconstruction", "not computed yet" if reconstruction is None else line.array(reconstruction)),
        *_terms(instance),
    ]


def mapper(instance: object) -> list[tuple[str, str]]:
    """The rows of a mapper: its mesh and regularization, and the grids that it maps."""
    state = vars(instance)
    grids = vars(state["interpolator"])
    return [
        ("backend", line.backend(instance)),
        ("mesh", line.compact(grids["mesh"], 160)),
        ("regularization", line.compact(state["regularization"], 160) or "none"),
        *((name.replace("_", " "), f"{line.shape_of(grids[name])} arcsec") for name in ("mesh_grid", "data_grid")),
    ]


def _linear_objects(inversion: object) -> list[tuple[str, str]]:
    items = line.stored(inversion, "linear_obj_list")
    if not isinstance(items, (list, tuple)):
        return []
    rows = [(f"linear object {index}", line.linear_object(item)) for index, item in enumerate(items[:_MOST_OBJECTS])]
    more = len(items) - len(rows)
    return [*rows, ("", f"and {more} more")] if more else rows


def _terms(instance: object) -> list[tuple[str, str]]:
    if instance is None:
        return []
    texts = ((name, line.result(instance, name)) for name in _TERMS)
    return [(name.replace("_", " "), text.partition("=")[2]) for name, text in texts]


def _text(text: str) -> str:
    import html  # here, for its table of entities takes longer to import than most modules

    return html.escape(line.cut(str(text), 200), quote=True)
