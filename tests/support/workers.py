"""What runs in other processes, where a test module can't be imported."""

from __future__ import annotations

import os
import sys


def results_of(fit) -> dict:
    """The results of a fit that arrived by pickle, and what they were computed with."""
    results = {
        "log_likelihood": float(fit.log_likelihood),
        "log_evidence": float(fit.log_evidence),
        "xp": fit._xp.__name__,
        "geometry_xp": fit.inversion.linear_obj_list[0].mesh_geometry._xp.__name__,
        "pid": os.getpid(),
        "jax_imported": "jax" in sys.modules,
        "threads": os.environ.get("OPENBLAS_NUM_THREADS"),
    }
    return results


def results_and_fit(fit) -> tuple[dict, object]:
    """The results of a fit, and the fit for the way back."""
    return results_of(fit), fit


def put_results(queue_in, queue_out) -> None:
    """Take a fit from one queue and put its results and itself on the other."""
    queue_out.put(results_and_fit(queue_in.get(timeout=120)))


def cell_results(payload: bytes, codec: str) -> tuple[dict, bytes]:
    """What a fit of the matrix of meshes and regularizations says after it arrived, and the fit for the way back."""
    import pickle

    import matrix

    import serialization

    module = {"pickle": pickle, "msgpack": serialization}[codec]
    fit = module.loads(payload)
    return matrix.results_of(fit) | {"pid": os.getpid(), "jax_imported": "jax" in sys.modules}, module.dumps(fit)
