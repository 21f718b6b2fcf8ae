"""Pickle datasets and inversions of visibilities with a release of PyAutoArray, beside the numbers that they give.

In an environment that has the release (`tests/data/archives/README.md` says how to make one, with nufftax and dill):

    peer/bin/python tests/data/interferometer_archives/make_archives.py 2026.10.26.1

A folder of the release's name gets `CASE.PICKLER.xz`, a dictionary with the dataset and, where the release could make
and pickle one, an inversion; and `expected.json` with what the release computed with them.
"""

from __future__ import annotations

import json
import lzma
import os
import pickle
import sys
import warnings
from importlib import import_module
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
warnings.simplefilter("ignore")
os.environ["JAX_ENABLE_X64"] = "1"
sys.path.append(str(HERE.parents[1] / "support"))
aa, cases = import_module("autoarray"), import_module("interferometer_cases")
CASES = {
    **{name: cases.INVERSIONS[name] for name in ("mapping", "mapping_nufft", "sparse", "sparse_beam", "stream")},
    "sparse_jax": {"kind": "sparse", "jax": True},
}


def plain(value):
    """Numbers as nested lists; complex ones as their parts."""
    values = np.asarray(getattr(value, "array", value))
    if values.dtype.kind == "c":
        values = np.stack((values.real, values.imag))
    return values.astype(float).tolist()


def mapper_from(dataset, case, **backend):
    """The mapper of a case; releases up to August 2026 can't compute its regularization, and get a simpler one."""
    (mapper,) = cases.objects_from(aa, dataset, case, **backend)
    try:
        np.asarray(mapper.regularization_matrix)
    except TypeError:
        return aa.Mapper(interpolator=mapper.interpolator, regularization=aa.reg.Constant(coefficient=2.0), **backend)
    return mapper


def written(case):
    """The dataset and the inversion of a case, and what they give."""
    dataset = cases.dataset_from(aa, case)
    numbers = {"pixels": int(dataset.real_space_mask.pixels_in_mask)}
    if case["kind"] != "stream":
        numbers["dirty_image"] = plain(dataset.dirty_image)
        image = aa.Array2D(values=np.linspace(0.0, 1.0, numbers["pixels"]), mask=dataset.real_space_mask)
        numbers["visibilities"] = plain(dataset.transformer.visibilities_from(image=image))
    graph = {"dataset": dataset}
    try:
        backend = {"xp": import_module("jax.numpy")} if case.get("jax") else {}
        mapper = mapper_from(dataset, case, **backend)
        # Some releases find no settings of their own.
        inversion = aa.Inversion(dataset=dataset, linear_obj_list=[mapper], settings=aa.Settings(), **backend)
        numbers["reconstruction"] = plain(inversion.reconstruction)
        numbers["fast_chi_squared"] = float(inversion.fast_chi_squared)
        pickle.dumps(inversion)
        graph["inversion"] = inversion
    except Exception as error:
        numbers["no_inversion"] = f"{type(error).__name__}: {error}"[:200]
    return graph, numbers


def main(release):
    """Write the folder of one release."""
    folder = HERE / release
    folder.mkdir(exist_ok=True)
    expected = {}
    for name, case in CASES.items():
        try:
            graph, expected[name] = written(case)
        except Exception as error:
            print(f"{release} has no {name}: {type(error).__name__}: {error}"[:200])
            continue
        before = []
        for pickler in ("pickle", "cloudpickle", "dill"):
            try:
                data = import_module(pickler).dumps(graph, protocol=4)
            except Exception as error:
                print(f"{release}, {name}, {pickler}: {type(error).__name__}: {error}"[:200])
                continue
            if data not in before:
                before.append(data)
                (folder / f"{name}.{pickler}.xz").write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))
    about = {"release": release, "autoarray": aa.__version__, "numpy": np.__version__}
    (folder / "expected.json").write_text(json.dumps({"about": about, "cases": expected}, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
