"""The page that lists what is registered of PyAutoLens: `python -m serialization._lens.page > docs/lens_types.md`."""

# pyright: strict

from __future__ import annotations

from collections.abc import Iterator, Sequence

from serialization._lens import autofit, galaxies, lenses
from serialization._schema.type_entry import TypeEntry

_HEAD = """# Objects of PyAutoLens

`serialization` writes and reads the objects that `autofit`, `autogalaxy` and `autolens` define, by the tables
below. They are found by entry points: none of the packages is imported before an object of it is met. An
`al.FitImaging` is written like any other object:

```python
serialization.save(fit, "fit.aas")
fit = serialization.load("fit.aas")  # with its evidence, and without solving
fit = serialization.load("fit.aas", backend="numpy")  # of a fit that was made on JAX
```

- A fit travels with its results: the inversion and its reconstruction, the blurred image, the model data, and
  the terms of the evidence. What else autogalaxy caches on a fit is computed again when it is asked for.
- Dicts that are keyed by galaxies, mappers or profiles keep their keys: they are the objects that stand
  elsewhere in the fit.
- A linear profile gets a new `pytree_token`, which tells profiles of one process apart.
- `al.Redshift` is written as the float that it is. What a model sets on the objects that it makes (`id`,
  `label` and `item_number` of profiles, meshes, ...) is left out.
- A subclass of your own is refused by its name, with the call that registers it. [Types of your
  own](own_types.md) says more.

Not registered are results of searches (they hold the search, its paths and its samples, which autofit stores
itself), plotters, aggregators, fits of potential corrections and `InputDeflections` and `InputPotential`
(they keep matrices and interpolators of SciPy), `LensCalc` (it holds functions), and `SimulatorShearYX` and
`LOSSampler` (they hold a generator of random numbers).

A type of version 2 has as version 1 the state that the class has on PyAutoArray, which `load_pickle` reads.
"""


def page() -> str:
    """The text of the page."""
    parts: list[tuple[str, Sequence[TypeEntry]]] = [
        ("autofit", autofit.TYPES),
        ("autogalaxy", galaxies.TYPES),
        ("autolens", lenses.TYPES),
    ]
    lines = [_HEAD]
    for package, entries in parts:
        lines += [f"## {package}", "", "| type | class | fields | results |", "| --- | --- | --- | --- |"]
        lines += [*_rows(entries), ""]
    return "\n".join(lines)


def _rows(entries: Sequence[TypeEntry]) -> Iterator[str]:
    for entry in entries:
        version = f" (version {entry.version})" if entry.version > 1 else ""
        fields = ", ".join(f"`{field}`" for field in (*entry.fields, *entry.optional)) or "(a plain value)"
        more = ", and others of any name" if entry.is_open else ""
        results = ", ".join(f"`{name}`" for name in entry.cached)
        yield f"| `{entry.name}`{version} | `{entry.target}` | {fields}{more} | {results} |"


if __name__ == "__main__":
    import sys

    sys.stdout.write(page())
