"""The demonstration from end to end: read, fit on each backend, carry, compare, draw."""

from __future__ import annotations

import dataclasses
import importlib
import importlib.util
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np

from serialization._cli.demo import carry
from serialization._cli.demo.options import Options
from serialization._cli.demo.report import Progress
from serialization._cli.output import print_json
from serialization._cli.table import print_table

if TYPE_CHECKING:
    from autoarray import FitImaging, FitInterferometer, Imaging, Interferometer

COLUMNS = (
    "fit",
    "log evidence",
    "fit s",
    "carried by",
    "bytes",
    "ms",
    "delta log L",
    "delta log E",
    "restored on",
    "other backend",
)


@dataclass
class Result:
    """One fit, and how it fared on each way."""

    backend: str
    fit: FitImaging | FitInterferometer
    seconds: float
    carried: list[carry.Carried]


@contextmanager
def _without_warnings_of_padding() -> Iterator[None]:
    """Pad masks silently: the image ends close to its mask, as the demonstration needs no more of it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Mask padded")
        yield


@_without_warnings_of_padding()
def run(options: Options, stream: TextIO | None = None, as_json: bool = False) -> bool:
    """Run the demonstration; whether every difference is exactly 0.0.

    With `as_json` its result is one JSON document, and the steps are told on standard error.

    Raises
    ------
    ImportError
        If astropy or matplotlib is not installed; the message names the extra.
    """
    out: TextIO = stream or (sys.stderr if as_json else sys.stdout)
    _require_extras()
    # The figure and the simulator take a while to import; a broken installation shows before the first step.
    from autoarray.fit.plot.fit_imaging_plots import subplot_fit_imaging
    from serialization._cli.demo import lens_light

    problem = _problem_of(options)
    with ExitStack() as stack:
        stack.enter_context(carry.jax_settings_for_children())
        backends = _backends_from(options, out)
        progress = Progress(3 + (options.data is None) + options.lens_light + 2 * len(backends), out)
        options.out.mkdir(parents=True, exist_ok=True)

        folder = options.data
        if folder is None:
            folder = options.out / "data"
            what = (
                "visibilities of a lensed source and write them"
                if options.interferometer
                else "a lensed source and write it"
            )
            with progress.step(f"Simulate {what} to {folder}"):
                problem.simulate(folder, options)
        with progress.step(f"Read {problem.FILES[0]}, {problem.FILES[1]} and {problem.FILES[2]} from {folder}"):
            dataset = problem.read(folder, options)
        if options.lens_light:
            with progress.step("Fit and subtract the light of the lens galaxy"):
                dataset, sersic = lens_light.subtract_lens_light(dataset, options.lens, options.mask_radius)
            progress.note(
                f"Sersic profile: index {sersic.index:.2f}, effective radius {sersic.effective_radius:.2f} arcsec, "
                f"axis ratio {sersic.axis_ratio:.2f}"
            )
        dataset = problem.apply_mask(dataset, options)

        results = []
        for backend in backends:
            results.append(_fit(dataset, options, backend, progress))
        with progress.step("Start another process"):
            worker = stack.enter_context(carry.Worker(with_jax="jax" in backends))
        for result in results:
            other = next((backend for backend in backends if backend != result.backend), None)
            with progress.step(f"Carry the {result.backend} fit to the process and to disk, and back"):
                path = options.out / f"fit_{result.backend}.aas"
                result.carried += [
                    carry.by_pickle(result.fit, worker),
                    carry.by_msgpack(result.fit, path, other),
                ]
        with progress.step("Draw the fit"):
            if options.interferometer:
                _draw_visibilities(results[0].fit, options)
            else:
                subplot_fit_imaging(
                    results[0].fit,
                    output_path=options.out,
                    output_filename="fit",
                    data_title="Data without the lens galaxy" if options.lens_light else "Data",
                )

    if as_json:
        document = _document_from(results, options)
        print_json(document, stream or sys.stdout)
        return bool(document["exact"])
    out.write("\n")
    print_table(COLUMNS, [row for result in results for row in _rows_from(result)], left=(0, 3), stream=out)
    return _conclude(results, options, out)


def _problem_of(options: Options) -> ModuleType:
    """The module that simulates, reads and fits what the options ask for."""
    name = "interferometer" if options.interferometer else "problem"
    return importlib.import_module(f"serialization._cli.demo.{name}")


def _draw_visibilities(fit: Any, options: Options) -> None:
    from autoarray.dataset.plot.interferometer_plots import subplot_interferometer_dataset
    from autoarray.fit.plot.fit_interferometer_plots import subplot_fit_interferometer

    subplot_interferometer_dataset(fit.dataset, output_path=options.out, output_filename="dataset")
    subplot_fit_interferometer(fit, output_path=options.out, output_filename="fit")


def _require_extras() -> None:
    for module, extra in (("astropy", "fits"), ("matplotlib", "plot")):
        if importlib.util.find_spec(module) is None:
            raise ImportError(f"the demonstration needs {module}: pip install autoarray-portable[{extra}]")


def _backends_from(options: Options, stream: TextIO) -> list[str]:
    if "jax" in options.backends and importlib.util.find_spec("jax") is None:
        stream.write("JAX is not installed (pip install autoarray-portable[jax]): only NumPy is shown.\n")
        return [backend for backend in options.backends if backend != "jax"]
    return list(options.backends)


def _module_of(backend: str) -> ModuleType:
    if backend == "numpy":
        return np
    jax = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    return importlib.import_module("jax.numpy")


def _fit(dataset: Imaging | Interferometer, options: Options, backend: str, progress: Progress) -> Result:
    problem = _problem_of(options)
    label = {"numpy": "NumPy", "jax": "JAX"}[backend]
    rows, columns = options.mesh_shape
    what = f"{dataset.mask.pixels_in_mask:,} pixels, {options.mesh} mesh of {rows} x {columns}"
    with progress.step(f"Fit with {label} ({what})"):
        xp = _module_of(backend)
        start = time.perf_counter()
        fit = problem.fit_from(dataset, options, xp)
        # The results are what the fit is asked for; the time is theirs.
        carry.Values.of(fit)
        seconds = time.perf_counter() - start
    return Result(backend, fit, seconds, [])


def _document_from(results: list[Result], options: Options) -> dict[str, Any]:
    fits = [
        {
            "backend": result.backend,
            "log_evidence": float(result.fit.log_evidence),
            "seconds": result.seconds,
            "carried": [
                dataclasses.asdict(carried) | {"exact": carried.is_exact(result.backend)} for carried in result.carried
            ],
        }
        for result in results
    ]
    exact = all(carried.is_exact(result.backend) for result in results for carried in result.carried)
    return {"folder": str(options.out), "figure": str(options.out / "fit.png"), "exact": exact, "fits": fits}


def _rows_from(result: Result) -> list[list[str]]:
    rows = []
    for index, carried in enumerate(result.carried):
        first = index == 0
        other = "-"
        if carried.other_backend is not None and carried.other_delta is not None:
            other = f"{carried.other_backend}, {_delta(carried.other_delta)}"
        rows.append(
            [
                result.backend if first else "",
                f"{float(result.fit.log_evidence):.6f}" if first else "",
                f"{result.seconds:.2f}" if first else "",
                carried.way,
                f"{carried.payload_bytes:,}",
                f"{1e3 * carried.there_and_back:.1f}",
                _delta(carried.delta_log_likelihood),
                _delta(carried.delta_log_evidence),
                carried.restored_backend,
                other,
            ]
        )
    return rows


def _delta(value: float) -> str:
    return "0.0" if value == 0.0 else f"{value:.1e}"


def _conclude(results: list[Result], options: Options, stream: TextIO) -> bool:
    stream.write("\nms: there and back (dump, send or write, restore). Other backend: restored on it, and the delta.\n")
    if len(results) > 1:
        first, second = (float(result.fit.log_evidence) for result in results[:2])
        stream.write(
            f"The two backends agree on the log evidence to {abs(first - second) / abs(first):.1e} (relative).\n"
        )
    stream.write(f"Figure: {options.out / 'fit.png'}\n")
    broken = [
        f"{result.backend}, {carried.way}"
        for result in results
        for carried in result.carried
        if not carried.is_exact(result.backend)
    ]
    if broken:
        stream.write(f"FAILED: not restored exactly: {'; '.join(broken)}\n")
        return False
    stream.write("Every fit was restored exactly: all deltas are 0.0.\n")
    return True
