"""A release after this one, in a process of its own: a type has more state, another is new, `next_release.py` runs it.

    python next_release.py read PAYLOAD...     the evidence of each, as JSON
    python next_release.py write FOLDER        a fit, its dataset, an object of the new type, a payload of a newer wire

It does what the recipes at the top of `serialization._schema.registry` and `serialization._payload.wire` say.
"""

from __future__ import annotations

import dataclasses
import json
import lzma
import pickle
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

import problems  # noqa: E402
import registries  # noqa: E402

import autoarray as aa  # noqa: E402
import serialization  # noqa: E402
from autoarray._state import State  # noqa: E402
from serialization import Migration  # noqa: E402
from serialization._payload import wire  # noqa: E402
from serialization._schema import catalog  # noqa: E402

VERSION = "99.0.0"


class Novel(State):
    """A type that this release does not have."""

    def __init__(self) -> None:
        self.value = 1.0


construct = aa.reg.Constant.__init__


def construct_with_exponent(self, coefficient: float = 1.0, exponent: float = 2.0) -> None:
    construct(self, coefficient=coefficient)
    if type(self) is aa.reg.Constant:  # not of its subclass
        self.exponent = exponent


def _1_to_2_exponent(state):
    return {**state, "exponent": 2.0}


(CONSTANT,) = (entry for entry in catalog.TYPES if entry.name == "autoarray.reg.Constant")
RAISED = dataclasses.replace(
    CONSTANT,
    version=2,
    fields=("coefficient", "exponent"),
    migrations={1: Migration(("coefficient",), _1_to_2_exponent)},
)


def become_the_next_release() -> None:
    wire.WRITER = (wire.WRITER[0], VERSION)
    aa.reg.Constant.__init__ = construct_with_exponent
    registries.declare_instead(*(RAISED if entry is CONSTANT else entry for entry in catalog.TYPES))
    serialization.register(Novel, name="autoarray.Novel", fields=["value"])


def read(paths: list[str]) -> None:
    evidence = {}
    for path in paths:
        data = Path(path).read_bytes()
        data = lzma.decompress(data) if path.endswith(".xz") else data
        root = serialization.load_pickle(data) if data[:1] == b"\x80" else serialization.loads(data, backend="numpy")
        (mapper,) = root.inversion.linear_obj_list
        regularization = mapper.regularization
        again = aa.FitImaging(dataset=root.dataset, inversion=root.inversion._with())
        evidence[path] = [root.log_evidence, again.log_evidence, getattr(regularization, "exponent", None)]
    print(json.dumps(evidence))


def write(folder: Path) -> None:
    fit = problems.fit_from(shape=(5, 5), dataset=problems.dataset_from(radius=0.45))
    fit.log_evidence  # noqa: B018
    objects = {
        "fit": fit,
        "dataset": fit.dataset,
        "novel": Novel(),
        "geometry": fit.inversion.linear_obj_list[0].interpolator.mesh_geometry,
    }
    for name, obj in objects.items():
        serialization.save(obj, folder / f"{name}.aas")
        (folder / f"{name}.pickle").write_bytes(pickle.dumps(obj))
    wire.WIRE_VERSION = 3
    serialization.save(fit.dataset, folder / "wire.aas")


if __name__ == "__main__":
    become_the_next_release()
    if sys.argv[1] == "read":
        read(sys.argv[2:])
    else:
        write(Path(sys.argv[2]))
