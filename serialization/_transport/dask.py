# pyright: strict
"""Preparing this process and the workers of a Dask cluster to carry payloads."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from serialization._extras import package_of
from serialization._schema import registry
from serialization._transport import dask_protocol

if TYPE_CHECKING:
    from distributed import Client


def register_dask(client: Client | None = None) -> Awaitable[object] | None:
    """Let Dask carry registered objects as payloads: from and to this process, and the workers of a client.

    From then on fits that are scattered, returned by tasks, gathered, or passed from worker to worker travel as
    payloads: large arrays as frames that are not copied; what is shared stays shared; results come along; every byte is
    verified on arrival. Workers that join the cluster later are prepared too, and nothing has to be imported by
    hand there. The scheduler only passes the frames on. Dask also learns the size of the objects, and names tasks by
    their content.

    Dask pickles what a payload can't hold, such as an object of a class that is not registered or is the script's
    own, and what stands in the task itself: give large arguments by `client.scatter`. Call this again after
    registering further types.

    Parameters
    ----------
    client
        A `distributed.Client`, or None for this process only.

    Returns
    -------
    None, or what to await if the client is asynchronous.

    Raises
    ------
    ImportError
        If `distributed` is not installed.
    """
    package_of("dask", "distributed", "carrying payloads by Dask")
    from serialization._transport.dask_plugin import PayloadPlugin

    targets = registry.targets()
    dask_protocol.register_types(dask_protocol.types_of(targets))
    if client is None:
        return None
    done: Awaitable[object] = client.register_plugin(PayloadPlugin(targets), name=dask_protocol.NAME)
    return done if client.asynchronous else None
