"""Visibilities from a Measurement Set (the extra `ms`), a few rows at a time."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.dataset.interferometer._polarizations import chunk_from

# The hands that add up to twice the total intensity, by their codes in casacore: I itself, RR and LL, XX and YY.
_HANDS = {1, 5, 8, 9, 12}
_SPEED_OF_LIGHT = 299792458.0


def chunks_from(
    path: Path | str, column: str | None, chunk_size: int, east_left: bool
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Chunks of a Measurement Set; see `Interferometer.chunks_of_measurement_set`."""
    tables = _casacore(f"reading {path}")
    if not Path(path).is_dir():
        raise FileNotFoundError(f"{path}: no such Measurement Set")
    with tables.table(str(path), ack=False) as main:
        names = set(main.colnames())
        column = _column_from(column, names, path)
        frequencies, hands = _windows(tables, path)
        for window in range(len(frequencies)):
            query = f"DATA_DESC_ID == {window} && ANTENNA1 != ANTENNA2"
            with main.query(query) as rows:
                yield from _chunks_of(rows, column, names, frequencies[window], hands[window], chunk_size, east_left)


def _casacore(purpose: str) -> Any:
    try:
        return importlib.import_module("casacore.tables")
    except ImportError as missing:
        raise ImportError(
            f"{purpose} needs python-casacore, which is not installed: pip install autoarray-portable[ms]"
        ) from missing


def _column_from(column: str | None, names: set[str], path: Path | str) -> str:
    found = column or ("CORRECTED_DATA" if "CORRECTED_DATA" in names else "DATA")
    if found not in names:
        raise exc.DatasetException(
            f"{path}: expected a column {found} of visibilities, found {', '.join(sorted(names))}"
        )
    return found


def _windows(tables: Any, path: Path | str) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The frequencies in Hz of the channels, and which correlations are parallel hands, by data description."""

    def column(name: str, key: str, row: int | None = None) -> Any:
        with tables.table(f"{path}::{name}", ack=False) as table:
            return table.getcol(key) if row is None else table.getcell(key, row)

    frequencies: list[np.ndarray] = []
    hands: list[np.ndarray] = []
    windows, polarizations = (
        column("DATA_DESCRIPTION", "SPECTRAL_WINDOW_ID"),
        column("DATA_DESCRIPTION", "POLARIZATION_ID"),
    )
    for window, polarization in zip(windows, polarizations, strict=True):
        frequencies.append(np.asarray(column("SPECTRAL_WINDOW", "CHAN_FREQ", int(window)), dtype=float))
        codes = column("POLARIZATION", "CORR_TYPE", int(polarization))
        hands.append(np.flatnonzero([int(code) in _HANDS for code in codes]))
        if not hands[-1].size:
            raise exc.DatasetException(f"{path}: expected parallel hands or Stokes I, found correlations {list(codes)}")
    return frequencies, hands


def _chunks_of(
    rows: Any,
    column: str,
    names: set[str],
    frequencies: np.ndarray,
    hands: np.ndarray,
    chunk_size: int,
    east_left: bool,
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    step = max(1, chunk_size // frequencies.size)
    for start in range(0, rows.nrows(), step):
        count = min(step, rows.nrows() - start)

        def of(name: str, start: int = start, count: int = count) -> np.ndarray:
            return np.asarray(rows.getcol(name, start, count))

        data = of(column)[:, :, hands]
        flags = of("FLAG")[:, :, hands] | of("FLAG_ROW")[:, None, None]
        if "WEIGHT_SPECTRUM" in names and rows.iscelldefined("WEIGHT_SPECTRUM", start):
            weights = of("WEIGHT_SPECTRUM")[:, :, hands]
        else:
            weights = np.broadcast_to(of("WEIGHT")[:, None, hands], data.shape)
        uv = of("UVW")[:, None, :2] * frequencies[None, :, None] / _SPEED_OF_LIGHT
        size = data.shape[0] * data.shape[1]
        yield chunk_from(
            uv.reshape(size, 2),
            data.reshape(size, -1).astype(complex),
            np.where(flags, 0.0, weights).reshape(size, -1),
            east_left,
        )
