"""The bytes of a payload behind a URL: over HTTP by requests of ranges, else as fsspec reads them.

fsspec itself would ask an HTTP server for ranges too, but take all of a file from a server that ignores the question.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from serialization._display import cut
from serialization._extras import package_of
from serialization._partial.source import Span
from serialization._payload.memory import aligned_copy
from serialization.errors import NotPartialError

MOST_WHOLE = 64 * 2**20  # bytes that are taken from a server that hands out no ranges
_PIECE = 2**20
_HTTP = re.compile(r"https?://", re.IGNORECASE)
_RANGE = re.compile(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)")


def shown(url: str) -> str:
    """A URL for messages, without what may be secret in it: a password, or the signature in a query."""
    return re.sub(r"//[^/]*@", "//", url).partition("?")[0]


class UrlSource:
    """A payload behind a URL.

    Parameters
    ----------
    url
        Any URL that fsspec knows: `https://...`, `s3://...`, `memory://...`, `zip://fit.aas::https://...`.
    options
        What fsspec needs to know of the file system.

    Raises
    ------
    ModuleNotFoundError
        If fsspec, or for HTTP aiohttp, is not installed.
    """

    near = False

    def __init__(self, url: str, options: dict[str, Any]) -> None:
        self.name, self.target, self.size = shown(url), url, None
        url_to_fs = package_of("remote", "fsspec.core", f"opening {self.name}").url_to_fs
        if _HTTP.match(url.rpartition("::")[2]):
            package_of("remote", "aiohttp", f"opening {self.name}")
        self._fs, self._path = url_to_fs(url, **options)
        protocols = self._fs.protocol
        self._http = "http" in ([protocols] if isinstance(protocols, str) else protocols)
        self._whole: bytes | None = None  # of a server that hands out no ranges

    def read(self, spans: Sequence[Span]) -> list[np.ndarray]:
        """As `Source.read`.

        Raises
        ------
        NotPartialError
            If a server answers with all of a large file.
        OSError
            If there is no such file, or it can't be reached.
        """
        if self._whole is None and self._http:
            parts = self._get_all(spans)
        elif self._whole is None:
            first, end = [span[0] for span in spans], [span[1] for span in spans]
            parts = self._fs.cat_ranges([self._path] * len(spans), first, end, on_error="raise")
        else:
            parts = [self._whole[first:end] for first, end in spans]
        return [aligned_copy(memoryview(part)) for part in parts]

    def close(self) -> None:
        """Forget what was taken; the connections belong to fsspec."""
        self._whole = None

    def _get_all(self, spans: Sequence[Span]) -> list[bytes]:
        from aiohttp import ClientError
        from fsspec.asyn import sync

        async def get_all() -> list[bytes]:
            session = await self._fs.set_session()
            return await asyncio.gather(*(self._get(session, *span) for span in spans))

        try:
            parts: Any = sync(self._fs.loop, get_all)
        except FileNotFoundError:
            raise FileNotFoundError(f"{self.name}: expected a file, found none (HTTP 404)") from None
        except ClientError as error:
            status = getattr(error, "status", None)  # the rest of such an error may name the URL with its secrets
            found = f"HTTP {status}" if status else cut(str(error).replace(self._path, self.name))
            raise OSError(f"{self.name}: expected ranges of bytes, found {found or type(error).__name__}") from None
        return parts

    async def _get(self, session: Any, first: int, end: int) -> bytes:
        """One range of bytes, by one request."""
        options = dict(self._fs.kwargs)
        headers = {**options.pop("headers", {}), "Range": f"bytes={first}-{end - 1}", "Accept-Encoding": "identity"}
        async with session.get(self._fs.encode_url(self._path), headers=headers, **options) as response:
            match = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
            if response.status == 416:  # it ends before
                return b""
            self._fs._raise_not_found_for_status(response, self.name)
            if response.status == 206:
                if match is None or match[1] is None or int(match[1]) != first:
                    found = response.headers.get("Content-Range")
                    raise OSError(
                        f"{self.name}: expected bytes {first} to {end}, found a Content-Range of {found!r:.80}"
                    )
                if match[2] != "*":
                    self.size = int(match[2])
                return await _take(response, end - first)
            whole = await _take(response, MOST_WHOLE + 1)
        if len(whole) > MOST_WHOLE:
            raise NotPartialError(
                f"{self.name}: expected a server that hands out ranges of bytes (HTTP 206), found HTTP "
                f"{response.status} with more than {MOST_WHOLE} bytes; download the file, and open that"
            )
        self._whole, self.size = whole, len(whole)
        return whole[first:end]


async def _take(response: Any, most: int) -> bytes:
    """The bytes of an answer, but no more than so many."""
    out = bytearray()
    while len(out) < most:
        piece = await response.content.read(min(_PIECE, most - len(out)))
        if not piece:
            break
        out += piece
    return bytes(out)
