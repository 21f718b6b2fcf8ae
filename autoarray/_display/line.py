"""One line about an object: its class, backend, shape and units.

The line comes from the state of the object alone. These functions compute nothing, evaluate no derived value and import
no library. They don't raise: an object that lacks fields is shown as incomplete.
"""

from __future__ import annotations

import functools
import inspect
import numbers
import sys
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import numpy as np

LIMIT = 199
_FEW = 6
INCOMPLETE = "<incomplete>"
_MISSING = object()


class Displayable(Protocol):
    """An object that names the parts of its line."""

    def _repr_parts(self) -> list[str]: ...


def one_line(instance: Displayable) -> str:
    """`ClassName(part, part, ...)` with the parts of `instance._repr_parts()`, at most `LIMIT` characters long."""
    name = type(instance).__name__
    try:
        parts = [part for part in instance._repr_parts() if part]
    except Exception:  # a state that is not one of ours, or only a part of it
        parts = [INCOMPLETE]
    return cut(f"{name}({', '.join(parts)})", LIMIT)


def cut(text: str, limit: int) -> str:
    """A text in one line, which ends with dots if it is longer than the limit."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    end = ")" if text.endswith(")") else ""
    return f"{text[: limit - 3 - len(end)].rstrip()}...{end}"


def parts_of_fields(instance: object, *, changed_only: bool = False) -> list[str]:
    """The backend, and `name=value` of each public field; `changed_only` leaves out the defaults."""
    state = vars(instance).copy()
    defaults = defaults_of(type(instance)) if changed_only else {}
    fields = {name: item for name, item in state.items() if not name.startswith("_")}
    if not fields and "_use_jax" not in state and _needs_fields(type(instance)):
        return [INCOMPLETE]
    given = [f"{name}={value(item)}" for name, item in fields.items() if not _same(item, defaults.get(name, _MISSING))]
    return [backend(instance), *given]


@functools.cache
def defaults_of(cls: type) -> Mapping[str, Any]:
    """The defaults of the constructor arguments of a class and of its bases."""
    defaults: dict[str, Any] = {}
    for base in reversed(cls.__mro__[:-1]):
        if "__init__" in vars(base):
            parameters = inspect.signature(base.__init__).parameters.values()
            defaults |= {p.name: p.default for p in parameters if p.default is not p.empty}
    return defaults


def _needs_fields(cls: type) -> bool:
    return any(
        p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD and p.name != "self"
        for p in inspect.signature(cls.__init__).parameters.values()
    )


def _same(one: object, other: object) -> bool:
    return one is other or (type(one) is type(other) and isinstance(one, (bool, int, float, str)) and one == other)


def compact(instance: object, limit: int = 60) -> str:
    """The line of an object inside the line of another; it leaves out the defaults if it is too long with them."""
    if instance is None:
        return ""
    try:
        text = " ".join(repr(instance).split())
    except Exception:  # the class of a user
        return type(instance).__name__
    if len(text) > limit and hasattr(instance, "__dict__"):
        parts = [part for part in parts_of_fields(instance, changed_only=True) if part]
        text = f"{type(instance).__name__}({', '.join(parts)})"
    return cut(text, limit)


def stored(instance: object, name: str) -> Any:
    """A field, or a derived result that the object has evaluated; None if it has neither."""
    state = getattr(instance, "__dict__", {})
    if name in state:
        return state[name]
    return getattr(state.get("_derived"), "results", {}).get(name)


def is_tracer(item: object) -> bool:
    """Whether a value is being traced by JAX."""
    tracer = tracer_class()
    return tracer is not None and isinstance(item, tracer)


def tracer_class() -> type | None:
    """The class of JAX's tracers; None if JAX is not imported, or another thread is still importing it."""
    return getattr(getattr(sys.modules.get("jax"), "core", None), "Tracer", None)


def values_of(item: object) -> Any:
    """The plain array of a data structure; anything else as it is."""
    while "_array" in getattr(item, "__dict__", {}):
        item = vars(item)["_array"]
    return item


def shape_of(item: object) -> tuple[int, ...] | None:
    """The shape of an array or of a data structure; None if it has none."""
    shape = getattr(values_of(item), "shape", None)
    return tuple(shape) if isinstance(shape, tuple) else None


def backend(instance: object) -> str:
    """ "numpy" or "jax"; an empty text for an object without a backend."""
    flag = getattr(instance, "__dict__", {}).get("_use_jax")
    return "" if flag is None else "jax" if flag else "numpy"


def value(item: object) -> str:
    """A field: a number with up to six digits, the values or the shape of an array, or the class of an object."""
    if item is None or isinstance(item, (bool, np.bool_)):
        return str(item)
    if isinstance(item, str):
        return cut(repr(item), 40)
    if isinstance(item, numbers.Number):
        return number(item)
    if isinstance(item, (tuple, list)):
        entries = ", ".join(value(entry) for entry in item[:_FEW])
        entries += ", ..." if len(item) > _FEW else "," if isinstance(item, tuple) and len(item) == 1 else ""
        return cut(f"({entries})" if isinstance(item, tuple) else f"[{entries}]", 80)
    if isinstance(item, Mapping):
        return f"<{len(item)} entries>"
    if shape_of(item) is not None:
        return array(item)
    return type(item).__name__


def number(item: Any) -> str:
    """A number, or an array of one, with up to six digits."""
    if is_tracer(item):
        return f"traced {item.dtype}"
    if isinstance(item, numbers.Integral):
        return str(int(item))
    if isinstance(item, (int, float)) and len(repr(float(item))) <= 8:
        return repr(float(item))
    if isinstance(item, numbers.Complex) and not isinstance(item, numbers.Real):
        return f"{complex(item):.6g}"
    return f"{float(item):.6g}"


def array(item: object) -> str:
    """An array: its values if they are few, else its dtype and shape."""
    values, shape = values_of(item), shape_of(item)
    if shape is None:
        return INCOMPLETE
    if is_tracer(values):
        return f"traced {values.dtype} {shape}"
    # The values of a JAX array may still be on their way from the device.
    if isinstance(values, (np.ndarray, np.generic)) and values.size <= _FEW and values.dtype.kind in "biufc":
        return " ".join(np.array2string(np.asarray(values), separator=", ", precision=6).split())
    return f"{getattr(values, 'dtype', '')} {shape}".strip()


def sizes(item: object) -> str:
    """Sub-pixel sizes: one number, the range of a NumPy array, or the shape of a large array or one of JAX."""
    values = values_of(item)
    if isinstance(values, np.ndarray) and 0 < values.size <= 1_000_000 and values.dtype.kind in "iu":
        low, high = int(values.min()), int(values.max())
        return str(low) if low == high else f"{low} to {high}"
    return value(item)


def by(shape: Iterable[object] | None) -> str:
    """A shape as `17 x 16`."""
    return INCOMPLETE if shape is None else " x ".join(value(length) for length in shape)


def arcsec(scales: object) -> str:
    """Pixel scales in arc-seconds: `0.05"`, or `(0.05, 0.1)"` for pixels that are not square."""
    if (
        isinstance(scales, (tuple, list))
        and scales
        and scales[0] is not None
        and scales.count(scales[0]) == len(scales)
    ):
        scales = scales[0]
    return f'{value(scales)}"'


def grid_of(mask: object) -> str:
    """The native shape and pixel scales of a mask: `17 x 16 of 0.1"`."""
    state = getattr(mask, "__dict__", {})
    if "pixel_scales" not in state or shape_of(mask) is None:
        return INCOMPLETE
    return f"{by(shape_of(mask))} of {arcsec(state['pixel_scales'])}"


def unmasked(mask: object) -> str:
    """How many pixels a mask leaves: `2,121 unmasked`; nothing if it holds no bools."""
    values: Any = getattr(mask, "__dict__", {}).get("_array")
    if not (isinstance(values, np.ndarray) and values.dtype == bool):
        return ""
    return f"{values.size - np.count_nonzero(values):,} unmasked"


def pixels_of(data: object) -> str:
    """The pixels of masked data: `6,240 pixels of 0.05"`, or `17 x 16 pixels of 0.1"` for native data."""
    shape = shape_of(data)
    scales = stored(stored(data, "mask"), "pixel_scales")
    if shape is None:
        return INCOMPLETE
    count = f"{shape[0]:,}" if len(shape) == 1 else by(shape)
    return f"{count} pixels" + (f" of {arcsec(scales)}" if scales is not None else "")


def mesh(item: object, mesh_grid: object = None) -> str:
    """A mesh and its size: `RectangularUniform 8 x 8`, `Delaunay 1,500 vertices`."""
    if item is None:
        return INCOMPLETE
    state = getattr(item, "__dict__", {})
    name, shape, grid = type(item).__name__, state.get("shape"), shape_of(mesh_grid)
    if shape is not None:
        return f"{name} {by(shape)}"
    count = grid[0] if grid else state.get("pixels")
    return f"{name} {count:,} vertices" if isinstance(count, int) else name


def linear_object(item: object) -> str:
    """A linear object inside an inversion: its mesh and its regularization."""
    interpolator = stored(item, "interpolator")
    regularization = compact(stored(item, "regularization"))
    if interpolator is None:
        what = type(item).__name__
    else:
        what = mesh(stored(interpolator, "mesh"), stored(interpolator, "mesh_grid"))
    return ", ".join(part for part in (what, regularization) if part)


def linear_objects(items: object) -> str:
    """The linear objects of an inversion: the only one, or the number of each class."""
    if not isinstance(items, (list, tuple)):
        return INCOMPLETE
    if len(items) == 1:
        return linear_object(items[0])
    names = [type(item).__name__ for item in items]
    return " + ".join(f"{names.count(name)} {name}" for name in dict.fromkeys(names))


def result(instance: object, name: str) -> str:
    """`name=value` of a derived number, or an empty text if the object has not evaluated it."""
    item = getattr(vars(instance).get("_derived"), "results", {}).get(name)
    if item is None:
        return ""
    try:
        text = f"{float(item):.10g}" if not is_tracer(item) else number(item)
    except Exception:  # a JAX array whose buffer was given away
        return ""
    return f"{name}={text}"


def coordinates(state: Mapping[str, Any], name: str) -> str:
    """`name=(N, 2) arcsec` of a grid of a state."""
    return f"{name}={shape_of(state[name])} arcsec" if state.get(name) is not None else ""


def dataset(instance: object) -> list[str]:
    """The parts of a dataset of an image."""
    state = vars(instance)
    data = state["data"]
    grid = grid_of(stored(data, "mask"))
    psf = stored(stored(state["psf"], "kernel"), "mask")
    names = ("over_sample_size_lp", "over_sample_size_pixelization")
    return [
        backend(data),
        pixels_of(data),
        "" if grid == INCOMPLETE else f"native {grid.partition(' of ')[0]}",
        "" if psf is None else f"psf {by(shape_of(psf))}",
        *(f"{name}={sizes(state[name])}" for name in names if state.get(name) is not None),
        "" if state.get("sparse_operator") is None else "sparse_operator",
    ]


def fit(instance: object) -> list[str]:
    """The parts of a fit: its data, its linear objects, and its evidence or likelihood if the fit has evaluated it."""
    state = vars(instance)
    inversion = state.get("_inversion")
    return [
        backend(instance),
        pixels_of(stored(state["dataset"], "data")),
        "" if inversion is None else linear_objects(stored(inversion, "linear_obj_list")),
        result(instance, "log_evidence") or result(instance, "log_likelihood"),
    ]
