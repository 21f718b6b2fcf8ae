"""Send a fit to another process by pickle, keep it in a file, and open it on the other backend.

python examples/carry_a_fit.py
"""

import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import simulated

import serialization


def evidence_of(fit):
    """The log evidence; the other process solves nothing, because the fit carries its results."""
    return float(fit.log_evidence)


def main():
    fit = simulated.fit_from(simulated.dataset())
    evidence = float(fit.log_evidence)

    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        print("difference in the other process:", pool.submit(evidence_of, fit).result() - evidence)

    with tempfile.TemporaryDirectory() as folder:
        path = serialization.save(fit, Path(folder) / "fit.aas")
        print(serialization.inspect(path))
        print("difference after loading:", float(serialization.load(path).log_evidence) - evidence)

        import jax

        jax.config.update("jax_enable_x64", True)
        on_jax = serialization.load(path, backend="jax")
        print("difference on JAX:", float(on_jax.log_evidence) - evidence)


if __name__ == "__main__":
    main()
