"""What the workers of a Dask cluster run."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path


def results_of(fit) -> dict:
    """The results of a fit that arrived, and how it did."""
    grids = fit.inversion.linear_obj_list[0].interpolator.data_grid
    return {
        "log_evidence": float(fit.log_evidence),
        "log_likelihood": float(fit.log_likelihood),
        "use_jax": fit.use_jax,
        "mask_is_shared": fit.dataset.mask is grids.mask,
        "carried_as_payload": knows_payloads(),
        "pid": os.getpid(),
    }


def itself(fit):
    return fit


def knows_payloads() -> bool:
    """Whether this process was told how fits are carried."""
    from distributed.protocol import dask_deserialize

    import autoarray as aa
    from serialization._transport import dask_protocol

    return dask_deserialize.dispatch(aa.FitImaging) is dask_protocol.deserialize


def fit_of(einstein, dataset):
    import problems

    return problems.evaluated_fit_from(dataset=dataset, einstein=einstein)


def best_of(fits):
    return max(fits, key=lambda fit: float(fit.log_evidence))


def key_of(cache, dataset, einstein) -> str:
    return cache.key("fit of the tests", dataset, einstein)


def cached_fit(einstein, dataset, cache, calls):
    """The fit, computed only if no process has done so before, and who gives it."""

    def compute():
        (Path(calls) / secrets.token_hex(8)).touch()
        return fit_of(einstein, dataset)

    return cache.get_or_compute(key_of(cache, dataset, einstein), compute), os.getpid()


def imported_packages() -> list[str]:
    """Which of the two packages this process has imported."""
    return [name for name in ("autoarray", "serialization") if sys.modules.get(name) is not None]


def schedule() -> None:
    """A script: a scheduler that can import neither package; it writes its address, and runs until it is ended."""
    import asyncio

    from distributed import Scheduler

    sys.modules["autoarray"] = sys.modules["serialization"] = None

    async def run():
        async with Scheduler(host="127.0.0.1", port=0, dashboard=False) as scheduler:
            print(scheduler.address, flush=True)
            await scheduler.finished()

    asyncio.run(run())


if __name__ == "__main__":
    schedule()
