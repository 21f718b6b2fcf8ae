"""How the tables of this room become declarations."""

# pyright: strict

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from serialization._schema.schema import Migration
from serialization._schema.type_entry import TypeEntry

UNITS = {
    "centre": "arcsec",
    "core_radius": "arcsec",
    "effective_radius": "arcsec",
    "einstein_radius": "arcsec",
    "grid_offset": "arcsec",
    "major_axis": "arcsec",
    "pixel_scale_precision": "arcsec",
    "positions": "arcsec",
    "scale_radius": "arcsec",
    "sigma": "arcsec",
    "threshold": "arcsec",
}


def entry(name: str, target: str, fields: str, **more: Any) -> TypeEntry:
    """The declaration of a class by the names of its attributes, with the units that are certain."""
    names = tuple(fields.split())
    units = {field: UNITS[field] for field in (*names, *more.get("optional", ())) if field in UNITS}
    return TypeEntry(name=name, target=target, fields=names, units=units, **more)


def of_array_library(name: str, target: str, fields: str, **more: Any) -> TypeEntry:
    """The declaration of a subclass of a class of `autoarray`, which computes on a backend.

    Version 1 is the state that it has on PyAutoArray, where the flag of the backend is `use_jax`.
    """
    names = tuple(fields.split())
    first = tuple(field for field in names if field != "_inversion")
    return entry(
        name,
        target,
        f"_use_jax {fields}",
        version=2,
        migrations={1: Migration(("use_jax", *first), _1_to_2_flag_and_inversion)}
        if "_inversion" in names
        else {1: Migration(("use_jax", *first), _1_to_2_flag)},
        **more,
    )


def _1_to_2_flag(state: dict[str, Any]) -> dict[str, Any]:
    """Version 2 calls the flag of the backend `_use_jax`."""
    state = dict(state)
    return {"_use_jax": state.pop("use_jax"), **state}


def _1_to_2_flag_and_inversion(state: dict[str, Any]) -> dict[str, Any]:
    """Version 2 calls the flag `_use_jax`, and has a place for an inversion that was handed to the fit."""
    return {**_1_to_2_flag(state), "_inversion": None}


def profiles_of(package: str, folder: str, rows: Iterable[tuple[str, str, str]]) -> list[TypeEntry]:
    """The declarations of profiles, which are compared by value and hashed by number or identity."""
    return [
        entry(
            f"{package}.{name}",
            f"{package}.{folder}{target}",
            fields,
            as_key=True,
            renewed={"pytree_token": _next_token} if "linear" in name else {},
        )
        for name, target, fields in rows
    ]


def _next_token(cls: Any) -> int:
    """The number by which linear profiles are told apart in one process."""
    return next(cls._pytree_token_counter)
