"""Visibilities from a UVFITS file (the extra `fits`), some groups at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.dataset.interferometer._polarizations import chunk_from

# I, RR and LL, XX and YY, by their codes in FITS (Greisen et al., AIPS memo 117).
_HANDS = {1, -1, -2, -5, -6}


def chunks_from(
    path: Path | str, chunk_size: int, east_left: bool
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Chunks of a UVFITS file; see `Interferometer.chunks_of_uvfits`."""
    try:
        from astropy.io import fits  # pyright: ignore[reportMissingTypeStubs]
    except ImportError as missing:
        raise ImportError(
            f"reading {path} needs astropy, which is not installed: pip install autoarray-portable[fits]"
        ) from missing
    if not Path(path).is_file():
        raise FileNotFoundError(f"{path}: no such UVFITS file")
    with fits.open(path, memmap=True) as units:
        primary: Any = units[0]
        if not isinstance(primary, fits.GroupsHDU):
            raise exc.DatasetException(
                f"{path}: expected random groups of visibilities, found {type(primary).__name__}"
            )
        header, groups = primary.header, primary.data
        axes = _axes(header, path)
        frequencies = _frequencies(header, units, axes)
        codes = np.rint(_coordinates(header, axes["STOKES"])).astype(int)
        hands = np.flatnonzero([int(code) in _HANDS for code in codes])
        if not hands.size:
            raise exc.DatasetException(f"{path}: expected parallel hands or Stokes I, found Stokes {codes.tolist()}")
        names = [str(name).upper() for name in groups.parnames]
        u, v = (_parameter(names, axis, path) for axis in ("UU", "VV"))
        step = max(1, chunk_size // frequencies.size)
        for start in range(0, len(groups), step):
            part = groups[start : start + step]
            seconds = np.stack([np.asarray(part.par(i), dtype=float) for i in (u, v)], axis=1)
            uv = seconds[:, None, :] * frequencies.ravel()[None, :, None]
            values = _ordered(np.asarray(part.data), header, axes)[:, :, hands]
            size = values.shape[0] * values.shape[1]
            yield chunk_from(
                uv.reshape(size, 2),
                (values[..., 0] + 1j * values[..., 1]).astype(complex).reshape(size, -1),
                values[..., 2].astype(float).reshape(size, -1),
                east_left,
            )


def _axes(header: Any, path: Path | str) -> dict[str, int]:
    """The number of each axis of FITS, by its type."""
    axes = {str(header.get(f"CTYPE{i}", "")).split("-")[0].upper(): i for i in range(2, int(header["NAXIS"]) + 1)}
    missing = {"COMPLEX", "STOKES", "FREQ"} - axes.keys()
    if missing:
        raise exc.DatasetException(f"{path}: expected an axis {min(missing)}, found {', '.join(sorted(axes))}")
    return axes


def _coordinates(header: Any, axis: int) -> np.ndarray:
    places = np.arange(int(header[f"NAXIS{axis}"])) + 1.0 - float(header[f"CRPIX{axis}"])
    return float(header[f"CRVAL{axis}"]) + places * float(header[f"CDELT{axis}"])


def _frequencies(header: Any, units: Any, axes: dict[str, int]) -> np.ndarray:
    """The frequency in Hz of each channel of each window, of shape (windows, channels)."""
    channels = _coordinates(header, axes["FREQ"])
    if "IF" not in axes:
        return channels[None, :]
    offsets = np.zeros(int(header[f"NAXIS{axes['IF']}"]))
    for unit in units:
        if str(unit.name).startswith("AIPS FQ"):
            offsets = np.asarray(unit.data["IF FREQ"], dtype=float).reshape(-1)[: offsets.size]
    return offsets[:, None] + channels[None, :]


def _ordered(values: np.ndarray, header: Any, axes: dict[str, int]) -> np.ndarray:
    """The data of groups, of shape (groups, windows x channels, stokes, 3)."""
    # NumPy's axes of a group are those of FITS from the last to the second.
    last = int(header["NAXIS"])
    place = {name: 1 + last - axis for name, axis in axes.items()}
    wanted = [place[name] for name in ("IF", "FREQ", "STOKES", "COMPLEX") if name in place]
    others = [axis for axis in range(1, values.ndim) if axis not in wanted]
    moved = np.transpose(values, [0, *others, *wanted])
    return moved.reshape(values.shape[0], -1, *moved.shape[-2:])


def _parameter(names: list[str], axis: str, path: Path | str) -> int:
    found = [i for i, name in enumerate(names) if name.split("-")[0] == axis]
    if not found:
        raise exc.DatasetException(f"{path}: expected a parameter {axis} of each group, found {', '.join(names)}")
    return found[0]
