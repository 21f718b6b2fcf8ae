"""What the headers of a FITS file say about an image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from autoarray import exc
from autoarray._display import line
from autoarray._state import State

if TYPE_CHECKING:
    from autoarray.abstract_ndarray import AbstractNDArray

T = TypeVar("T", bound="AbstractNDArray")


class Header(State):
    """The headers of a FITS file, as plain dictionaries.

    Parameters
    ----------
    header_sci_obj
        The header of the primary data unit.
    header_hdu_obj
        The header of the data unit that holds the image.
    original_roe_corner
        The corner (y, x) of the CCD at which the image was read out, 0 or 1 each, if it was turned around.
    readout_offsets
        The (y, x) offset of the image from that corner in pixels.
    """

    def __init__(
        self,
        header_sci_obj: Mapping[str, object] | None = None,
        header_hdu_obj: Mapping[str, object] | None = None,
        original_roe_corner: tuple[int, int] | None = None,
        readout_offsets: tuple[float, float] | None = None,
    ) -> None:
        self.header_sci_obj: dict[str, Any] | None = _plain(header_sci_obj)
        # One header, as of an image in the primary unit, stays one dictionary, which a pickle holds once.
        self.header_hdu_obj: dict[str, Any] | None = (
            self.header_sci_obj if header_hdu_obj is header_sci_obj else _plain(header_hdu_obj)
        )
        self.original_roe_corner = original_roe_corner
        self.readout_offsets = readout_offsets

    @property
    def exposure_time(self) -> float:
        """The exposure time in seconds."""
        return self._entry("EXPTIME")

    @property
    def date_of_observation(self) -> str:
        """The date of the observation, as the header gives it."""
        return self._entry("DATE-OBS")

    @property
    def time_of_observation(self) -> str:
        """The time of the observation, as the header gives it."""
        return self._entry("TIME-OBS")

    @property
    def modified_julian_date(self) -> float | None:
        """The modified Julian date (UTC) of the observation, or None where the header has no date or time."""
        if not {"DATE-OBS", "TIME-OBS"} <= (self.header_sci_obj or {}).keys():
            return None
        from datetime import UTC, datetime

        when = datetime.fromisoformat(f"{self.date_of_observation}T{self.time_of_observation}").replace(tzinfo=UTC)
        since = when - datetime(1858, 11, 17, tzinfo=UTC)
        return since.days + (since.seconds + since.microseconds / 1e6) / 86400.0

    def array_eps_to_counts(self, array_eps: T) -> T:
        """An array in electrons (or counts) per second as one in counts."""
        return array_eps * self.exposure_time

    def array_counts_to_counts_per_second(self, array_counts: T) -> T:
        """An array in counts as one in counts per second."""
        return array_counts / self.exposure_time

    def _entry(self, key: str) -> Any:
        header = self.header_sci_obj or {}
        if key not in header:
            raise exc.ArrayException(f"header: expected the entry {key!r}, found {sorted(header) or 'no entries'}")
        return header[key]

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        cards = [
            f"{name}=<{len(state[name])} cards>"
            for name in ("header_sci_obj", "header_hdu_obj")
            if state[name] is not None
        ]
        others = ("original_roe_corner", "readout_offsets")
        return cards + [f"{name}={line.value(state[name])}" for name in others if state[name] is not None]


def _plain(header: Mapping[str, object] | None) -> dict[str, Any] | None:
    """A FITS header as a dictionary of numbers, strings and bools, so that it can be written anywhere."""
    if header is None:
        return None
    plain: dict[str, Any] = {}
    for key in header.keys():  # noqa: SIM118 - an astropy Header iterates over repeated cards
        value = header[key]
        plain[str(key)] = value if isinstance(value, (bool, int, float, complex, str, type(None))) else str(value)
    return plain
