"""The plugin that prepares the workers of a Dask cluster; imported only where `distributed` is installed."""

from __future__ import annotations

from distributed import Worker, WorkerPlugin

from serialization._transport import dask_protocol


class PayloadPlugin(WorkerPlugin):
    """Registers types on each worker, whose modules it imports there."""

    __module__ = "serialization"  # workers are sent its name

    name = dask_protocol.NAME

    def __init__(self, targets: list[str]) -> None:
        self.targets = targets

    def setup(self, worker: Worker) -> None:
        """Called by Dask on each worker when it starts, or at once if it runs."""
        dask_protocol.register_types(dask_protocol.types_of(self.targets))
