"""The numerical tests, run as other processors compute: `python -m tests.processors [--few] [PYTEST OPTIONS]`.

Libraries choose their code by the processor that they run on, and each choice rounds differently. Every configuration
is such a choice: the kernels of OpenBLAS, the vector instructions of NumPy and of XLA, and the number of threads. The
table covers each setting, and each kernel with one number of threads, not every combination. XLA never gets fast-math,
which is its default too.

A process of its own tries each configuration first. A kernel that the processor or OpenBLAS can't run is left out, with
the reason, and its configuration takes the kernel that OpenBLAS chooses.

With `--few` it is one configuration for each level of instructions, which takes half of the time.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]

# The tests that compare numbers with stored ones, or one backend with the other, where rounding is seen most.
NUMERICAL = (
    "tests/autoarray/fit/test_delaunay.py",
    "tests/autoarray/fit/test_fit_imaging.py",
    "tests/autoarray/inversion/inversion/test_curvature.py",
    "tests/autoarray/inversion/mesh/interpolator/test_cdf.py",
    "tests/autoarray/inversion/mesh/interpolator/test_earlier_rectangular.py",
    "tests/autoarray/operators/test_transformer.py",
    "tests/autoarray/test_reference.py",
    "tests/autoarray/test_reference_interferometer.py",
    "tests/serialization/legacy/test_archives.py",
    "tests/serialization/legacy/test_legacy_interferometer.py",
    "tests/serialization/schema/test_own_archives.py",
    "tests/serialization/payload/test_versions.py",
)

# The extensions that a level of vector instructions lacks, by the beginnings of NumPy's names for them.
BEYOND = {"AVX-512": (), "AVX2": ("AVX512", "X86_V4"), "SSE": ("AVX", "F16C", "FMA", "XOP", "X86_V3", "X86_V4")}
XLA = {"AVX-512": "AVX512", "AVX2": "AVX2", "SSE": "SSE4_2"}
PROBE_SECONDS = 120


@dataclasses.dataclass(frozen=True)
class Configuration:
    """A kernel of OpenBLAS (None: its own choice), the most that NumPy and XLA may use, and the threads of BLAS."""

    kernel: str | None
    instructions: str
    threads: int

    def environment(self, extensions: tuple[str, ...]) -> dict[str, str]:
        """The variables to set where NumPy can do without `extensions`."""
        missing = [name for name in extensions if name.startswith(BEYOND[self.instructions])]
        variables = {
            "OPENBLAS_NUM_THREADS": str(self.threads),
            "OMP_NUM_THREADS": str(self.threads),
            "XLA_FLAGS": f"--xla_cpu_enable_fast_math=false --xla_cpu_max_isa={XLA[self.instructions]}",
        }
        variables |= {"NPY_DISABLE_CPU_FEATURES": " ".join(missing)} if missing else {}
        return variables | ({"OPENBLAS_CORETYPE": self.kernel} if self.kernel else {})


CONFIGURATIONS = (
    Configuration("SapphireRapids", "AVX-512", 1),
    Configuration("SkylakeX", "AVX-512", 2),
    Configuration("Zen", "AVX2", 2),
    Configuration("Haswell", "AVX2", 1),
    Configuration("Sandybridge", "SSE", 2),
    Configuration("Nehalem", "SSE", 1),
)


@dataclasses.dataclass(frozen=True)
class Attempt:
    """What a process found that tried a configuration: the kernels in use and NumPy's extensions, or why it failed."""

    kernels: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    failure: str = ""


class Choice(NamedTuple):
    """A configuration that runs here, the variables that make it, and the kernels that OpenBLAS then takes."""

    configuration: Configuration
    variables: dict[str, str]
    kernels: tuple[str, ...]


def compute_a_little() -> dict[str, Any]:
    """Products, factors and a compiled function of small matrices, and what computed them.

    An AssertionError tells that a number is wrong.
    """
    import jax.numpy as jnp
    import numpy as np
    import scipy.linalg
    from numpy._core import _multiarray_umath as core
    from threadpoolctl import threadpool_info

    # Shapes and orders that OpenBLAS has different code for.
    for rows, inner, columns in itertools.product((1, 2, 5, 16, 33, 100), repeat=3):
        left, right = (np.cos(np.arange(1.0, n * inner + 1.0)).reshape(n, inner) for n in (rows, columns))
        expected = np.einsum("ik,jk->ij", left, right)  # sums that no BLAS computes
        for product in (left @ right.T, (right @ left.T).T, np.asfortranarray(left) @ right.T.copy()):
            assert np.allclose(product, expected, rtol=1e-12, atol=1e-12)
        assert np.allclose(left @ right[0], expected[:, 0], rtol=1e-12, atol=1e-12)
        assert np.allclose(left[0] @ right.T, expected[0], rtol=1e-12, atol=1e-12)
    for size in (2, 16, 100):
        matrix = np.cos(np.arange(1.0, size**2 + 1.0)).reshape(size, size)
        matrix = np.einsum("ik,jk->ij", matrix, matrix) + np.eye(size)
        factor = scipy.linalg.cholesky(matrix, lower=True)
        assert np.allclose(np.einsum("ik,jk->ij", factor, factor), matrix, rtol=1e-12, atol=1e-12)
        assert abs(float(jnp.sum(jnp.asarray(matrix))) / matrix.sum() - 1.0) < 1e-4
    kernels = {pool.get("architecture", "unknown") for pool in threadpool_info() if pool["user_api"] == "blas"}
    return {
        "kernels": sorted(kernels),
        "extensions": [name for name in core.__cpu_dispatch__ if core.__cpu_features__.get(name)],
    }


def attempt(variables: dict[str, str]) -> Attempt:
    """Compute a little in a process with these environment variables."""
    command = [sys.executable, "-m", "tests.processors", "--attempt"]
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, timeout=PROBE_SECONDS
        )
    except subprocess.TimeoutExpired:
        return Attempt(failure=f"no answer in {PROBE_SECONDS} s")
    if done.returncode < 0:
        return Attempt(failure=f"{signal.Signals(-done.returncode).name} in a small product")
    if done.returncode > 0:
        return Attempt(failure=(done.stderr.strip().splitlines() or ["no message"])[-1])
    answer = json.loads(done.stdout.splitlines()[-1])
    return Attempt(tuple(answer["kernels"]), tuple(answer["extensions"]))


def choose(
    configurations: tuple[Configuration, ...], try_out: Callable[[dict[str, str]], Attempt] = attempt
) -> tuple[list[Choice], list[str]]:
    """The configurations that this machine can run, and one sentence for each that is left out, or whose kernel is.

    OpenBLAS may take another kernel than it is asked for. Two configurations that come to the same are one.
    """
    plain = try_out({})
    if plain.failure:
        return [], [f"every configuration: {plain.failure}"]
    chosen: dict[tuple, Choice] = {}
    left_out = []
    for configuration in configurations:
        variables = configuration.environment(plain.extensions)
        answer = try_out(variables)
        if answer.failure:
            left_out.append(f"kernel {configuration.kernel}: {answer.failure}")
            configuration = dataclasses.replace(configuration, kernel=None)
            variables = configuration.environment(plain.extensions)
            answer = try_out(variables)
        if answer.failure:
            left_out.append(f"{configuration}: {answer.failure}")
            continue
        effect = {name: value for name, value in variables.items() if name != "OPENBLAS_CORETYPE"}
        chosen.setdefault((answer.kernels, *effect.values()), Choice(configuration, variables, answer.kernels))
    return list(chosen.values()), left_out


def command_from(options: list[str]) -> list[str]:
    """The command that runs the numerical tests."""
    report = ["-q", "--tb=short", "-p", "no:cacheprovider"]
    workers = ["--numprocesses", "auto", "--dist", "loadfile"]
    return [sys.executable, "-m", "pytest", *report, *workers, *NUMERICAL, *options]


def line_from(choice: Choice) -> str:
    """What a configuration sets, and the kernels that compute in it."""
    configuration, variables, kernels = choice
    missing = variables.get("NPY_DISABLE_CPU_FEATURES", "").replace(" ", ", ")
    extensions = f"without {missing}" if missing else "with all that it has"
    return (
        f"OpenBLAS {'+'.join(kernels) or 'unknown'} (asked for {configuration.kernel or 'its own choice'}), "
        f"threads {configuration.threads}; NumPy {extensions}; XLA up to {XLA[configuration.instructions]}"
    )


def run(choice: Choice, options: list[str], cache: str) -> bool:
    """Run the tests in one configuration, print its line, and say whether they pass.

    What XLA compiles is kept in the folder `cache`: the next configuration with XLA's flags finds it there.
    """
    print(line_from(choice), end=": ", flush=True)
    # With a greatest size JAX locks the folder, so that no worker reads a file that another one still writes.
    variables = choice.variables | {
        "JAX_COMPILATION_CACHE_DIR": cache,
        "JAX_COMPILATION_CACHE_MAX_SIZE": str(2**30),
        # Each write locks and lists the folder: what compiles faster than that is not worth it.
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0.25",
    }
    done = subprocess.run(command_from(options), cwd=ROOT, env=os.environ | variables, capture_output=True, text=True)
    print((done.stdout.strip().splitlines() or [f"exit code {done.returncode}"])[-1], flush=True)
    if done.returncode != 0:
        print(done.stdout[-20_000:], done.stderr[-5_000:], sep="\n", flush=True)
    return done.returncode == 0


def few_of(configurations: tuple[Configuration, ...]) -> tuple[Configuration, ...]:
    """The first configuration of each level of instructions."""
    return tuple({one.instructions: one for one in reversed(configurations)}.values())[::-1]


def main(options: list[str]) -> int:
    start = time.monotonic()
    few = "--few" in options
    options = [option for option in options if option != "--few"]
    chosen, left_out = choose(few_of(CONFIGURATIONS) if few else CONFIGURATIONS)
    for sentence in left_out:
        print(f"left out: {sentence}", flush=True)
    with tempfile.TemporaryDirectory() as cache:
        failures = sum(not run(choice, options, cache) for choice in chosen)
    seconds = time.monotonic() - start
    print(f"{len(chosen)} configurations, {failures} of them failed, {len(left_out)} left out; {seconds:.0f} s")
    return 0 if chosen and not failures else 1


if __name__ == "__main__":
    if sys.argv[1:] == ["--attempt"]:
        print(json.dumps(compute_a_little()))
    else:
        sys.exit(main(sys.argv[1:]))
