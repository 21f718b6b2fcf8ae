"""What `autofit` makes of a model: instances."""

# pyright: strict

from __future__ import annotations

from serialization._lens.entries import entry

TYPES = (
    entry(
        "autofit.ModelInstance",
        "autofit.mapper.model:ModelInstance",
        "id _label item_number",
        is_open=True,
        caches=("_is_frozen", "_frozen_cache"),
        as_key=True,
    ),
)
