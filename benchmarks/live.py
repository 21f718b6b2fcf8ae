"""`python -m benchmarks live`: what live figures take from a search, beside PyAutoFit's thread and the search's own.

It needs PyAutoLens in the same environment. The search is a loop over log likelihoods of `al.AnalysisImaging` with a
figure asked for every `--every` of them, once in each way: without figures; with `LiveFigures`; with PyAutoFit's
`BackgroundQuickUpdate`, a thread; and drawn by the search itself, as PyAutoFit does by default.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

WAYS = ("none", "process", "thread", "itself")
READY_SECONDS = 300.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("--likelihoods", type=int, default=400, metavar="N", help="in each way (default 400)")
    parser.add_argument("--every", type=int, default=50, metavar="N", help="likelihoods for each figure (default 50)")
    parser.add_argument(
        "--repeat", type=int, default=1, metavar="N", help="rounds of all ways in turn, of which the medians count"
    )
    parser.add_argument(
        "--ways",
        nargs="+",
        choices=WAYS,
        default=WAYS,
        metavar="WAY",
        help="none, process, thread, itself; the first is what the others are compared with",
    )
    parser.add_argument("--jax", action="store_true", help="an analysis of JAX")
    parser.add_argument("--json", metavar="FILE", help="write every figure to FILE")


def problem(use_jax: bool) -> tuple[Any, list[Any]]:
    """An analysis of a simulated lens, and instances of its model."""
    import autofit as af
    import autolens as al
    import numpy as np

    rng = np.random.default_rng(1)
    shape, scale = (60, 60), 0.1
    y, x = np.mgrid[2.95:-3.0:-0.1, -2.95:3.0:0.1]
    ring = np.exp(-0.5 * ((np.hypot(y, x) - 1.4) / 0.15) ** 2)

    def image(values: Any) -> Any:
        return al.Array2D.no_mask(values=values, pixel_scales=scale)

    at = np.arange(-3, 4)
    kernel = np.exp(-0.5 * (at[:, None] ** 2 + at**2))
    dataset = al.Imaging(
        data=image(ring + 0.05 * rng.normal(size=shape)),
        noise_map=image(np.full(shape, 0.05)),
        psf=al.Convolver(kernel=image(kernel), normalize=True),
    )
    dataset = dataset.apply_mask(mask=al.Mask2D.circular(shape_native=shape, pixel_scales=scale, radius=2.5))
    mesh = al.mesh.RectangularUniform(shape=(20, 20))
    pixelization = al.Pixelization(mesh=mesh, regularization=al.reg.Constant(coefficient=1.0))
    lens = af.Model(al.Galaxy, redshift=0.5, mass=al.mp.IsothermalSph)
    source = af.Model(al.Galaxy, redshift=1.0, pixelization=pixelization)
    model = af.Collection(galaxies=af.Collection(lens=lens, source=source))
    vectors = rng.normal((0.0, 0.0, 1.4), 0.01, size=(64, 3))
    if use_jax:
        import jax.numpy as jnp

        instances = [model.instance_from_vector(vector=jnp.asarray(vector), xp=jnp) for vector in vectors]
    else:
        instances = [model.instance_from_vector(vector=vector) for vector in vectors]
    return al.AnalysisImaging(dataset=dataset, use_jax=use_jax), instances


def handed_over(way: str) -> Any:
    """What takes instances in a way, or None."""
    if way == "process":
        from autoarray.plot.live import LiveFigures

        return LiveFigures()
    if way == "thread":
        from autofit.non_linear.quick_update import BackgroundQuickUpdate

        return BackgroundQuickUpdate()
    return None


def search(way: str, analysis: Any, instances: list[Any], folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """The seconds of a search, and of each time that it hands an instance over or draws it."""
    figures, paths = handed_over(way), SimpleNamespace(image_path=folder, output_path=folder)
    first = 0.0
    if way == "process":  # its process starts beside the beginning of a search
        start = time.perf_counter()
        figures.submit(analysis, paths, instances[0])
        first = 1e3 * (time.perf_counter() - start)
        figures.flush(READY_SECONDS)
    taken: list[float] = []
    processor: list[float] = []
    begin, cpu = time.perf_counter(), time.process_time()
    for index in range(options.likelihoods):
        instance = instances[index % len(instances)]
        analysis.log_likelihood_function(instance)
        if way != "none" and index % options.every == options.every - 1:
            start, own = time.perf_counter(), time.thread_time()
            if figures is None:
                analysis.perform_quick_update(paths, instance)
            else:
                figures.submit(analysis, paths, instance)
            taken.append(time.perf_counter() - start)
            processor.append(time.thread_time() - own)
    result = {
        "seconds": time.perf_counter() - begin,
        "cpu seconds": time.process_time() - cpu,
        "submit ms, median": 1e3 * statistics.median(taken) if taken else 0.0,
        "submit ms, 99 %": 1e3 * sorted(taken)[int(0.99 * len(taken))] if taken else 0.0,
        "submit ms, largest": 1e3 * max(taken, default=0.0),
        "submit processor ms, largest": 1e3 * max(processor, default=0.0),
        "first submit ms": first,
    }
    if figures is not None:
        figures.shutdown(READY_SECONDS)
    return result


def middle(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """The medians of several rounds; of what is the largest in each, the largest."""
    return {key: (max if "largest" in key else statistics.median)([each[key] for each in rounds]) for key in rounds[0]}


def run(options: argparse.Namespace) -> None:
    """Measure each way, and print a table."""
    try:
        import autolens  # noqa: F401
    except ImportError as error:
        raise SystemExit(f"live figures are measured beside PyAutoLens, which can't be imported: {error}") from error
    analysis, instances = problem(options.jax)
    analysis.log_likelihood_function(instances[0])
    with tempfile.TemporaryDirectory() as name:
        # Figures of the search itself first, so that what they import and cache is there for all.
        analysis.perform_quick_update(SimpleNamespace(image_path=Path(name), output_path=Path(name)), instances[0])
        rounds = [
            {way: search(way, analysis, instances, Path(name) / way, options) for way in options.ways}
            for _ in range(options.repeat)
        ]
    rows = {way: middle([each[way] for each in rounds]) for way in options.ways}
    alone = rows[options.ways[0]]["seconds"]
    print(f"{options.likelihoods} likelihoods, a figure every {options.every}: by whom it is drawn")
    print(
        f"{'drawn by':10}{'search s':>10}{'longer by':>11}{'cpu s':>8}{'submit ms':>11}{'99 % ms':>10}"
        f"{'largest ms':>12}{'its cpu ms':>12}{'first ms':>10}"
    )
    for way, row in rows.items():
        row["longer by"] = row["seconds"] / alone - 1.0
        print(
            f"{way:10}{row['seconds']:10.2f}{row['longer by']:11.1%}{row['cpu seconds']:8.2f}"
            f"{row['submit ms, median']:11.3f}{row['submit ms, 99 %']:10.3f}{row['submit ms, largest']:12.3f}"
            f"{row['submit processor ms, largest']:12.3f}{row['first submit ms']:10.3f}"
        )
    if options.json:
        Path(options.json).write_text(json.dumps(rows, indent=2))
