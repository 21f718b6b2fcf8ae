"""What the header calls the root of a graph, and the library that it is of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from serialization._schema import registry

PLAIN = {
    type(None): "nil",
    bool: "bool",
    int: "int",
    float: "float",
    str: "str",
    bytes: "bytes",
    tuple: "tuple",
    frozenset: "frozenset",
    complex: "complex",
    list: "list",
    dict: "dict",
    set: "set",
}


def name_of_root(root: object) -> str:
    """The name of the type of a registered object; of another value, the name of its kind."""
    kind = type(root)
    schema = registry.schema_of(kind)
    if schema is not None:
        return schema.name if schema.plain is None else PLAIN[schema.plain]
    return PLAIN.get(kind) or ("scalar" if isinstance(root, np.generic) else "array")


def name_of_backend(computes: bool, jax: Sequence[bool]) -> str:
    """The backend of a graph, by whether an object computes with JAX, and whether each array was JAX's."""
    if not computes and True not in jax:
        return "numpy"
    return "mixed" if False in jax else "jax"
