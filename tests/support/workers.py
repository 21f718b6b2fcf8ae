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


def mapped_arrays(fit) -> list:
    """The arrays of a fit that are views of a file."""
    import mmap

    import numpy as np
    from graph import walk

    found = []
    for _, value in walk(fit):
        base = value
        while isinstance(base, np.ndarray) and base.base is not None:
            base = base.base
        if isinstance(value, np.ndarray) and isinstance(base, mmap.mmap):
            found.append(value)
    return found


def mapped_and_fit(fit) -> tuple[dict, list, object]:
    """The results of a fit, whether each of its mapped arrays can be written to, and the fit for the way back."""
    return results_of(fit), [array.flags.writeable for array in mapped_arrays(fit)], fit


def evaluated_again(fit) -> tuple[dict, list]:
    """The results of a fit that nothing has been computed of, and whether its mapped arrays can be written to."""
    names = ("log_likelihood", "log_evidence", "chi_squared", "noise_normalization")
    return {name: float(getattr(fit, name)) for name in names}, [a.flags.writeable for a in mapped_arrays(fit)]


def results_of_shared(shared) -> dict:
    """The results of a fit in shared memory."""
    return results_of(shared.load())
