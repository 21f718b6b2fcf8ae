"""`python -m benchmarks plotter`: handing an evaluated fit to the process that draws it, against drawing it here.

The submissions come while the other process draws, so that most fits wait in a full queue, as in a search that is
faster than its figures. The work of the search is an evaluation of the log evidence, in turn with and without a figure
in progress.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import evaluated, table
from benchmarks.fit import add_mesh

READY_SECONDS = 120.0
PER_ROUND = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command to the shared ones."""
    parser.add_argument("--repeat", type=int, default=50, metavar="N", help="number of submissions (default 50)")
    add_mesh(parser, "uniform")
    parser.add_argument("--jax", action="store_true", help="submit fits of JAX")


def on_jax(fit: Any) -> Any:
    """The same fit on JAX."""
    import jax

    import serialization

    jax.config.update("jax_enable_x64", True)
    return serialization.loads(serialization.dumps(fit), backend="jax")


def seconds_of(function: Any, *arguments: Any, **options: Any) -> float:
    """The seconds of one call."""
    start = time.perf_counter()
    function(*arguments, **options)
    return time.perf_counter() - start


def measure(dataset: Any, fit: Any, options: Any, folder: Path) -> dict[str, Any]:
    """The seconds of each submission, figure and evaluation, in rounds of `PER_ROUND` submissions."""
    from autoarray.plot import BackgroundPlotter, subplot_fit_imaging

    subplot_fit_imaging(fit, output_path=folder, output_filename="here")  # imports and caches
    foreground, submitted, beside, alone = [], [], [], []
    with BackgroundPlotter(folder) as plotter:
        plotter.submit(fit)
        if not plotter.flush(READY_SECONDS) or plotter.stats.drawn != 1:
            raise SystemExit(f"nothing was drawn: {plotter.failures}")
        for index in range(max(1, options.repeat // PER_ROUND)):
            plotter.submit(fit)
            # A new fit of JAX has no evaluated numbers.
            for one in [on_jax(fit) if options.jax else fit for _ in range(PER_ROUND)]:
                submitted.append(seconds_of(plotter.submit, one))
                if plotter.stats.drawn == plotter.stats.submitted:
                    raise AssertionError("nothing was being drawn")
            beside.append(evaluated.fit_from(dataset, options.mesh, index)[1])
            plotter.flush()
            alone.append(evaluated.fit_from(dataset, options.mesh, index)[1])
            foreground.append(seconds_of(subplot_fit_imaging, fit, output_path=folder, output_filename="here"))
        stats = plotter.stats
    if (folder / "here.png").read_bytes() != (folder / "fit.png").read_bytes():
        raise AssertionError("the figure of the background is not that of the foreground")
    return {"submit": submitted, "foreground": foreground, "beside": beside, "alone": alone, "stats": vars(stats)}


def run(options: Any) -> None:
    """Measure and print the table."""
    from benchmarks import problem

    environment = table.environment()
    dataset = problem.dataset_from(options.data)
    fit, _ = evaluated.fit_from(dataset, options.mesh)
    with tempfile.TemporaryDirectory() as folder:
        results = measure(dataset, fit, options, Path(folder))
    peers = evaluated.peer_pickles(options, 3)
    base = statistics.median(results["submit"])
    rows = [
        ["BackgroundPlotter.submit", table.seconds(base), table.seconds(max(results["submit"])), table.times(1.0)],
        ["subplot_fit_imaging in the foreground", *_cells(results["foreground"], base)],
    ]
    if not peers:
        rows.append(["PyAutoArray's pickle 5 of its fit (give --peer)", "absent", "-", "-"])
    rows += [[name, *_cells([peer["dumps"]], base)] for name, peer in peers.items()]
    table.print_table(
        f"an evaluated fit ({options.mesh} mesh, {'JAX' if options.jax else 'NumPy'}), {options.repeat} submissions "
        f"while others are drawn, load before {environment['load_before']}; "
        "the last column is relative to the first row",
        ["", "median", "longest", "median"],
        rows,
    )
    stats = results["stats"]
    beside, alone = statistics.median(results["beside"]), statistics.median(results["alone"])
    pairs = zip(results["beside"], results["alone"], strict=True)
    slower = table.times(statistics.median(a / b for a, b in pairs))
    print(
        f"\nof {stats['submitted']} fits {stats['drawn']} were drawn and {stats['dropped']} made room for newer ones; "
        f"an evaluation takes {table.seconds(beside)} beside the drawing and {table.seconds(alone)} without "
        f"({slower}, median of the ratios); "
        "the figures are equal bit for bit"
    )
    record = {"benchmark": "plotter", "data": "files" if options.data else "simulated", "mesh": options.mesh}
    record |= {"repeat": options.repeat, "jax": options.jax, "environment": environment, "results": results}
    table.write_json(options.json, record | {"peers": peers})


def _cells(seconds: list[float], base: float) -> list[str]:
    median = statistics.median(seconds)
    return [table.seconds(median), table.seconds(max(seconds)), table.times(median / base)]
