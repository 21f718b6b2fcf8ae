"""What prepares the workers of a Dask cluster; imported only where `distributed` is."""

from __future__ import annotations

from typing import Any

from distributed import WorkerPlugin

from serialization import _dask_protocol


class PayloadPlugin(WorkerPlugin):
    """Registers types on each worker, whose modules it imports there."""

    name = _dask_protocol.NAME

    def __init__(self, targets: list[str]) -> None:
        self.targets = targets

    def setup(self, worker: Any) -> None:
        _dask_protocol.register_types(_dask_protocol.types_of(self.targets))
