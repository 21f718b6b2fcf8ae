"""The types of `autoarray` that payloads hold. No other module of this package names them.

The entries are the compatibility matrix: the name that payloads use for ever, where the class is now, its schema
version with the fields of that version, and the migrations from the older versions, one room for each domain. The
recipe for raising a version is at the top of `registry.py`.

The meshes, their interpolators and their geometries are numbered after the states that releases of PyAutoArray gave
them: versions 1 to 6 are those states, as they were, and version 7 adds what this project stores and no release did.
(Meshes of vertices have version 6: the project stores the last state that PyAutoArray wrote.) A type that came later,
or went earlier, has the numbers from the one that it came with to the newest. What a later version has no place for,
but the newest one has, is carried there through the versions between.

| version | releases |
| --- | --- |
| 1 | 2026.5.1.4 to 2026.5.14.2 |
| 2 | 2026.5.21.1 to 2026.7.9.1 |
| 3 | 2026.7.15.1 to 2026.7.23.1 |
| 4 | 2026.7.25.2 to 2026.8.20.1 |
| 5 | 2026.8.22.1 to 2026.9.4.1 |
| 6 | 2026.9.8.1 to 2026.10.26.1 |
"""

# pyright: strict

from __future__ import annotations

import functools
from typing import Any

from serialization._schema.catalog import (
    dataset_fit,
    geometries,
    interferometer,
    interpolators,
    inversion,
    meshes,
    regularizations,
    structures,
    triangles,
)
from serialization._schema.catalog.entry import Entry
from serialization._schema.schema import Hooks, Source, by_class, set_hooks

TYPES: tuple[Entry, ...] = (
    *structures.TYPES,
    *dataset_fit.TYPES,
    *meshes.TYPES,
    *interpolators.TYPES,
    *geometries.TYPES,
    *regularizations.TYPES,
    *inversion.TYPES,
    *interferometer.TYPES,
    *triangles.TYPES,
)


def declare_all() -> None:
    """Register every type, without importing one.

    Raises
    ------
    RegistrationError
        If a type is registered already.
    """
    for entry in TYPES:
        entry.declare()
    set_hooks(Hooks(_result_names, _derived_values, _announce_jax, _source_of, _prepare))


@functools.cache
def _result_names(cls: type) -> frozenset[str]:
    from autoarray._state import derived_names

    return derived_names(cls, travels=True)


@functools.cache
def _derived_values() -> type[Any]:
    from autoarray._state import DerivedValues

    return DerivedValues


def _announce_jax(cls: type) -> None:
    # Its objects may be handed to a jitted function before they compute anything themselves. Packages that declare
    # types by an entry point tell JAX of their classes themselves.
    schema = by_class.get(cls)
    if schema is not None and schema.installed:
        return
    from autoarray import _pytree

    _pytree.register(cls)


def _source_of(value: object) -> Source | None:
    from autoarray.structures._sources import source_of

    return source_of(value)


def _prepare(value: object) -> None:
    from autoarray.dataset.imaging._prepared import prepare
    from autoarray.dataset.imaging.dataset import Imaging

    if isinstance(value, Imaging):
        prepare(value)
