"""`python -m benchmarks plotter`: handing an evaluated fit to the process that draws it, against drawing it here.

The fits are submitted while the other process draws, and wait in a full queue most of the time, as in a search that
is faster than its figures. The work of the search is an evaluation of the log evidence, with something being drawn
beside it and with nothing, in turn.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import table
from benchmarks.fit import TARGETS
from benchmarks.processes import WorkerProcess

READY_SECONDS = 120.0
PER_ROUND = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command to the shared ones."""
    parser.add_argument("--repeat", type=int, default=50, metavar="N", help="number of submissions (default 50)")
    parser.add_argument("--mesh", default="uniform", choices=list(TARGETS), help="mesh of the fit (default uniform)")
    parser.add_argument("--jax", action="store_true", help="submit fits of JAX")


def evaluated_fit(options: Any) -> tuple[Any, Any]:
    """The dataset and its fit, evaluated."""
    from benchmarks import problem

    dataset = problem.dataset_from(options.data)
    fit = problem.fit_from(dataset, options.mesh, 0, problem.traced_grids(dataset, 0))
    _ = fit.log_evidence, fit.log_likelihood
    return dataset, fit


def on_jax(fit: Any) -> Any:
    """The same fit on JAX, as one that was computed there would be."""
    import jax

    import serialization

    jax.config.update("jax_enable_x64", True)
    return serialization.loads(serialization.dumps(fit), backend="jax")


def timed(function: Any, *arguments: Any, **options: Any) -> float:
    start = time.perf_counter()
    function(*arguments, **options)
    return time.perf_counter() - start


def searched(dataset: Any, mesh: str, index: int) -> float:
    """The seconds of one evaluation of a search."""
    from benchmarks import problem

    grids = problem.traced_grids(dataset, index)
    start = time.perf_counter()
    _ = problem.fit_from(dataset, mesh, index, grids).log_evidence
    return time.perf_counter() - start


def measure(dataset: Any, fit: Any, options: Any, folder: Path) -> dict[str, Any]:
    """The seconds of each submission, figure and evaluation, in rounds of `PER_ROUND` submissions."""
    from autoarray.plot import BackgroundPlotter, subplot_fit_imaging

    subplot_fit_imaging(fit, output_path=folder, output_filename="here")  # what is done once per process
    foreground, submitted, beside, alone = [], [], [], []
    with BackgroundPlotter(folder) as plotter:
        plotter.submit(fit)
        if not plotter.flush(READY_SECONDS) or plotter.stats.drawn != 1:
            raise SystemExit(f"nothing was drawn: {plotter.failures}")
        for index in range(max(1, options.repeat // PER_ROUND)):
            plotter.submit(fit)
            # Of JAX, fits that no number has been asked of yet.
            for one in [on_jax(fit) if options.jax else fit for _ in range(PER_ROUND)]:
                submitted.append(timed(plotter.submit, one))
                if plotter.stats.drawn == plotter.stats.submitted:
                    raise AssertionError("nothing was being drawn")
            beside.append(searched(dataset, options.mesh, index))
            plotter.flush()
            alone.append(searched(dataset, options.mesh, index))
            foreground.append(timed(subplot_fit_imaging, fit, output_path=folder, output_filename="here"))
        stats = plotter.stats
    if (folder / "here.png").read_bytes() != (folder / "fit.png").read_bytes():
        raise AssertionError("the figure of the background is not that of the foreground")
    return {"submit": submitted, "foreground": foreground, "beside": beside, "alone": alone, "stats": vars(stats)}


def peer_pickle(options: Any) -> dict[str, Any] | None:
    """The seconds that the peer takes to pickle its own fit, which is what it could hand over."""
    if options.peer is None:
        return None
    with WorkerProcess(options.peer, options.threads) as worker:
        worker.ask("setup", data=options.data)
        worker.ask("evaluate", mesh=options.mesh, index=0)
        return worker.ask("pickle", repeat=3)


def run(options: Any) -> None:
    """Measure and print the table."""
    environment = table.environment()
    dataset, fit = evaluated_fit(options)
    with tempfile.TemporaryDirectory() as folder:
        found = measure(dataset, fit, options, Path(folder))
    peer = peer_pickle(options)
    base = statistics.median(found["submit"])
    rows = [
        ["BackgroundPlotter.submit", table.seconds(base), table.seconds(max(found["submit"])), table.times(1.0)],
        ["subplot_fit_imaging in the foreground", *_cells(found["foreground"], base)],
    ]
    if peer is None:
        rows.append(["PyAutoArray's pickle 5 of its fit (give --peer)", "absent", "-", "-"])
    else:
        rows.append(["PyAutoArray's pickle 5 of its fit", *_cells([peer["dumps"]], base)])
    table.print_table(
        f"an evaluated fit ({options.mesh} mesh, {'JAX' if options.jax else 'NumPy'}), {options.repeat} submissions "
        f"while others are drawn, load before {environment['load_before']}; "
        "the last column is relative to the first row",
        ["", "median", "longest", "median"],
        rows,
    )
    stats = found["stats"]
    beside, alone = statistics.median(found["beside"]), statistics.median(found["alone"])
    pairs = zip(found["beside"], found["alone"], strict=True)
    slower = table.times(statistics.median(a / b for a, b in pairs))
    print(
        f"\nof {stats['submitted']} fits {stats['drawn']} were drawn and {stats['dropped']} made room for newer ones; "
        f"an evaluation takes {table.seconds(beside)} beside the drawing and {table.seconds(alone)} without "
        f"({slower}, median of the ratios); "
        "the figures are equal bit for bit"
    )
    record = {"benchmark": "plotter", "data": "files" if options.data else "simulated", "mesh": options.mesh}
    record |= {"repeat": options.repeat, "jax": options.jax, "environment": environment, "results": found}
    table.write_json(options.json, record | {"peer": peer})


def _cells(seconds: list[float], base: float) -> list[str]:
    median = statistics.median(seconds)
    return [table.seconds(median), table.seconds(max(seconds)), table.times(median / base)]
