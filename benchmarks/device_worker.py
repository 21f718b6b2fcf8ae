"""A process that checks or measures one mesh on the device of JAX; it writes a JSON object a line.

Run as a script by `benchmarks.device`, with a JSON object as its argument: {"do": "describe"}, or "check" or "measure"
with the `Case` and sizes of `benchmarks.device`. It first prepares everything that needs no device. It reports this,
and goes on when it reads a line.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import jax
import jitted
import light
import numpy as np
import problem

# The number of models that the calls of a compiled function use in turn.
MODELS = 4
RUNS = 25
Emit = Callable[..., None]


def describe(emit: Emit) -> None:
    """The device and the libraries that drive it."""
    device = jax.devices()[0]
    value = jax.jit(lambda x: x + 1.0)(np.ones(1))
    emit(
        platform=device.platform,
        kind=device.device_kind,
        runtime=device.client.platform_version,
        memory=(device.memory_stats() or {}).get("bytes_limit"),
        float64=value.dtype == np.float64,
        versions={name: sys.modules[name].__version__ for name in ("jax", "jaxlib", "numpy", "scipy")}
        | {"python": sys.version.split()[0], "autoarray": problem.aa.__version__},
    )


class Case:
    """One mesh, with Gaussians or without, on the simulated image."""

    def __init__(self, mesh: str, gaussians: bool, operator: bool, pixels: int, radius: float) -> None:
        dataset = problem.dataset_from(None, radius, lens_light=gaussians)
        if operator:
            dataset = dataset.apply_sparse_operator()
        self.dataset, self.mesh, self.pixels, self.gaussians = dataset, mesh, pixels, gaussians
        self.jitted = jitted.Jitted(dataset, mesh, pixels, light.GAUSSIANS if gaussians else 0)

    def fit_on_numpy(self, index: int) -> Any:
        """The fit of evaluation `index` on NumPy."""
        functions = light.functions_from(self.dataset, light.profiles_from(index)) if self.gaussians else ()
        grids = problem.traced_grids(self.dataset, index)
        return problem.fit_from(self.dataset, self.mesh, index, grids, self.pixels, functions)

    def sizes(self) -> dict[str, int]:
        """The size of the problem, for the table."""
        params = self.fit_on_numpy(0).inversion.total_params
        return {"data_pixels": int(self.dataset.mask.pixels_in_mask), "params": int(params)}


def check(emit: Emit, case: Case) -> None:
    """Log evidence and reconstruction of two models, on NumPy and on the device."""
    program = case.jitted.functions["solution"]
    evidences, differences, reconstructions = [], [], []
    fits = [case.fit_on_numpy(index) for index in range(2)]
    expected = [(float(fit.log_evidence), np.asarray(fit.inversion.reconstruction)) for fit in fits]
    _wait(emit)
    start = time.perf_counter()
    for index, (log_evidence, reconstruction) in enumerate(expected):
        value, solution = jax.block_until_ready(program(*case.jitted.arguments(index)))
        evidences.append(float(value))
        differences.append(relative(float(value), log_evidence))
        reconstructions.append(relative(np.asarray(solution), reconstruction))
    emit(
        seconds=time.perf_counter() - start,
        log_evidence=evidences,
        difference=max(differences),
        reconstruction_difference=max(reconstructions),
        **case.sizes(),
    )


def relative(value: Any, expected: Any) -> float:
    """The largest difference over the largest expected value; infinite if a value is not finite."""
    difference = np.max(np.abs(np.asarray(value) - expected)) / np.max(np.abs(expected))
    return float(difference) if np.isfinite(difference) else float("inf")


def measure(emit: Emit, case: Case, batch: int, seconds: float) -> None:
    """Compile and time the value, a batch of it and its gradient; each result is reported at once."""
    expected = [float(case.fit_on_numpy(index).log_evidence) for index in range(2)]
    arguments = {
        "value": [case.jitted.arguments(index) for index in range(MODELS)],
        "batch": [case.jitted.batch_arguments(index, batch) for index in range(2)],
        "gradient": [case.jitted.arguments(index) for index in range(MODELS)],
    }
    traced = {}
    for what, models in arguments.items():
        start = time.perf_counter()
        traced[what] = case.jitted.functions[what].lower(*models[0]), time.perf_counter() - start
    _wait(emit, **case.sizes())
    programs = {}
    for what, (lowered, tracing) in traced.items():
        try:
            start = time.perf_counter()
            programs[what] = program = lowered.compile()
            compiled = {
                "what": what,
                "trace": tracing,
                "compile": time.perf_counter() - start,
                **_description_of(program),
            }
            emit(**compiled)
            answer = _time_calls(program, arguments[what], expected, seconds)
            if what == "gradient" and "value" in programs:
                answer["gradient_difference"] = _gradient_difference(case, programs, arguments[what][0])
            emit(**compiled, **answer)
        except Exception as error:
            emit(what=what, error=f"{type(error).__name__}: {error}".splitlines()[0][:500])


def _description_of(program: Any) -> dict[str, Any]:
    """The calls of a compiled program, and its memory by XLA's plan, which leaves out that of cuSOLVER and cuBLAS."""
    plan = program.memory_analysis()
    parts = {name: int(getattr(plan, f"{name}_size_in_bytes")) for name in ("temp", "argument", "output")}
    targets = re.findall(r'custom_call_target="([^"]+)"', program.as_text())
    return {
        "memory": {"program": sum(parts.values()), **parts},
        "host_callbacks": sum("callback" in target for target in targets),
        "custom_calls": {target: targets.count(target) for target in sorted(set(targets))},
    }


def _time_calls(program: Any, models: list[Any], expected: list[float], seconds: float) -> dict[str, Any]:
    (first, *later), evidences = _calls(program, models, seconds)
    return {
        "first": first,
        "median": statistics.median(later),
        "best": min(later),
        "runs": len(later),
        "log_evidence": evidences.tolist(),
        "difference": relative(evidences[:2], np.array(expected)[: evidences.size]),
        # of all that this process has done so far
        "peak": (jax.devices()[0].memory_stats() or {}).get("peak_bytes_in_use"),
    }


def _gradient_difference(case: Case, programs: dict[str, Any], arguments: Any) -> float:
    """The derivative by the Einstein radius, through the traced grid, against central differences of the value.

    The evidence has kinks where a traced pixel crosses a boundary of the mesh, so this is no more than a check.
    """
    radius, step, grid = problem.einstein_radius_from(0), 1e-7, case.dataset.grids.pixelization
    images = [np.asarray(each.array) for each in (grid, grid.over_sampled)]
    above, below = ([problem.trace(image, radius + sign * step) for image in images] for sign in (1.0, -1.0))
    values = [float(programs["value"](*jax.device_put(grids), *arguments[2:])) for grids in (above, below)]
    gradients = [np.asarray(gradient) for gradient in programs["gradient"](*arguments)[1][:2]]
    changes = zip(gradients, above, below, strict=True)
    derivative = sum(float(np.vdot(gradient, upper - lower)) for gradient, upper, lower in changes)
    return relative(derivative, values[0] - values[1])


def _calls(program: Any, models: list[Any], seconds: float) -> tuple[list[float], np.ndarray]:
    """The seconds of the first call and of the later calls that the time allows; the evidences of the first two."""
    jax.block_until_ready(models)
    times: list[float] = []
    evidences: list[np.ndarray] = []
    while len(times) < 2 or (sum(times) < seconds and len(times) <= RUNS):
        start = time.perf_counter()
        result = jax.block_until_ready(program(*models[len(times) % len(models)]))
        times.append(time.perf_counter() - start)
        if len(evidences) < 2:
            evidences.append(np.ravel(jax.tree_util.tree_leaves(result)[0]))
    return times, np.concatenate(evidences)


def _wait(emit: Emit, **sizes: int) -> None:
    emit(ready=True, **sizes)
    sys.stdin.readline()


def main() -> None:
    # Whatever the libraries print goes to stderr: stdout carries the answers alone.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")

    def emit(**answer: Any) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    request = json.loads(sys.argv[1])
    do = request.pop("do")
    try:
        if do == "describe":
            describe(emit)
        else:
            case = Case(**request.pop("case"))
            {"check": check, "measure": measure}[do](emit, case, **request)
    except Exception as error:
        emit(error=f"{type(error).__name__}: {error}".splitlines()[0][:500])
        raise


if __name__ == "__main__":
    main()
