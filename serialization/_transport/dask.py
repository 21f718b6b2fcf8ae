"""Preparing this process and the workers of a Dask cluster to carry payloads."""

from __future__ import annotations

from typing import Any

from serialization._schema import registry
from serialization._transport import dask_protocol


def register_dask(client: Any = None) -> Any:
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
    try:
        from serialization._transport.dask_plugin import PayloadPlugin
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("distributed", "dask"):
            raise
        raise ImportError(
            "expected Dask's distributed, found none; install it with `pip install autoarray-portable[dask]`"
        ) from error
    targets = registry.targets()
    dask_protocol.register_types(dask_protocol.types_of(targets))
    if client is None:
        return None
    done = client.register_plugin(PayloadPlugin(targets), name=dask_protocol.NAME)
    return done if client.asynchronous else None
