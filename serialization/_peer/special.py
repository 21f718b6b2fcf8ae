"""The classes of PyAutoArray whose state a table of names does not describe."""

from __future__ import annotations

import importlib
import inspect
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from serialization._peer.unmade import leave_unmade
from serialization.errors import SchemaError

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Special:
    """What a class has of its own.

    Parameters
    ----------
    state_of
        From an object and its attributes to the state of the type; None: a table of names does.
    make
        Makes an object of the state of its type.
    whole
        Whether `state_of` gives the state as it is, rather than attributes that a rule is still to be applied to.
    """

    state_of: Callable[[Any, State], State] | None = None
    make: Callable[[Any, type, State], None] | None = None
    whole: bool = True


def _arguments(*names: str) -> Callable[[Any, State], State]:
    """The state that is what was given to the constructor."""
    return lambda value, own: {name: own[name] for name in names if name in own}


def _by_constructor(value: Any, cls: type, state: State) -> None:
    leave_unmade(value, cls, lambda cls, state: cls(**state), state)


# ------------------------------------------------------------------ settings

_TOLERANCE = 1e-12  # what this project takes where PyAutoArray's settings say None


def _settings_of(value: Any, own: State) -> State:
    """The settings as they are in force: what an object leaves open, PyAutoArray reads from the configuration."""
    state = {name: getattr(value, name) for name in inspect.signature(type(value)).parameters if hasattr(value, name)}
    if state.get("nnls_solver_tol") is None:
        state["nnls_solver_tol"] = _TOLERANCE
    return state


def _make_settings(value: Any, cls: type, state: State) -> None:
    given = {name: item for name, item in state.items() if name in inspect.signature(cls).parameters}
    if given.get("nnls_solver_tol") == _TOLERANCE:
        given["nnls_solver_tol"] = None
    made = vars(cls(**given))
    vars(value).clear()
    vars(value).update(made)


# ------------------------------------------------------------------ the PSF on a mask

# Of each state of a convolver the mask that was made for it, which is one object in all that is written of it.
_blurring: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()


def _convolver_state_of(value: Any, own: State) -> State:
    mask, source = own.get("image_mask"), own["source_mask"]
    mask = source if mask is None else mask
    if value not in _blurring:
        _blurring[value] = _blurring_mask(own, mask)
    return {
        "kernel": own["kernel"],
        "mask": mask,
        "convolve_over_sample_size": source.shape_native[0] // mask.shape_native[0],
        "blurring_mask": _blurring[value],
    }


def _blurring_mask(own: State, mask: Any) -> Any:
    """The blurring mask, which PyAutoArray pads to the shape of a Fourier transform, at the resolution of the image."""
    source, padded, blurring = own["source_mask"], own["mask"], own["blurring_mask"]
    if blurring is None:
        return None
    size = source.shape_native[0] // mask.shape_native[0]
    offset = _unmasked(padded)[0] - _unmasked(source)[0]
    places = np.unique((_unmasked(blurring) - offset) // size, axis=0)
    shape = np.array(mask.shape_native)
    if len(places) * size**2 != len(_unmasked(blurring)):
        raise SchemaError("expected a blurring mask of whole pixels of the image, found one of parts of them")
    before, after = (
        -np.minimum(places.min(axis=0, initial=0), 0),
        np.maximum(places.max(axis=0, initial=0) - shape + 1, 0),
    )
    margin = np.maximum(before, after)  # of both sides, so that the centre stays
    values = np.ones(tuple(shape + 2 * margin), dtype=bool)
    values[tuple((places + margin).T)] = False
    made = object.__new__(type(mask))
    vars(made).update({**vars(mask), "_array": values})
    vars(made).pop("slim_to_native_tuple", None)
    return made


def _unmasked(mask: Any) -> np.ndarray:
    return np.argwhere(~np.asarray(mask.array))


def _make_convolver_state(value: Any, cls: type, state: State) -> None:
    leave_unmade(value, cls, _convolver_state, state)


def _convolver_state(cls: type[Any], state: State) -> Any:
    kernel, mask, blurring, size = (
        state[name] for name in ("kernel", "mask", "blurring_mask", "convolve_over_sample_size")
    )
    if size == 1 and blurring is not None and blurring.shape_native == mask.shape_native:
        return cls(kernel=kernel, mask=mask, blurring_mask=blurring)
    # A blurring mask that is larger than the mask is always the one of all pixels that the kernel reaches.
    convolver = importlib.import_module(cls.__module__).Convolver
    return convolver(kernel=kernel, convolve_over_sample_size=size).state_from(mask)


# ------------------------------------------------------------------ sparse operators


class SparseOperator:
    """The operator of a dataset as payloads have it: with the dataset's own data, noise map and PSF.

    PyAutoArray's operator has a Fourier transform of the PSF instead. It is kept, so that its place in memory names it.
    """

    def __init__(self, operator: Any, state: State) -> None:
        vars(self).update(state)
        _kept[self] = operator


_kept: weakref.WeakKeyDictionary[SparseOperator, Any] = weakref.WeakKeyDictionary()
_operators: weakref.WeakValueDictionary[int, SparseOperator] = weakref.WeakValueDictionary()


def _dataset_of(value: Any, own: State) -> State:
    operator = own.get("sparse_operator")
    if operator is None or isinstance(operator, SparseOperator):
        return own
    if type(operator).__name__ != "ImagingSparseOperator":
        raise SchemaError(
            f"expected an operator of imaging or None as sparse_operator, found {type(operator).__name__}"
        )
    stored = _operators.get(id(operator))
    if stored is None:
        stored = _operators[id(operator)] = SparseOperator(operator, _operator_state(operator, own))
    return {**own, "sparse_operator": stored}


def _operator_state(operator: Any, own: State) -> State:
    data = own["data"]
    if not np.array_equal(np.asarray(data.native.array), np.asarray(operator.data_native.array)):
        data = operator.data_native.slim
    return {
        "data": data,
        "noise_map": own["noise_map"],
        "psf": own["psf"],
        "batch_size": operator.batch_size,
    }


def _operator_alone(value: Any, own: State) -> State:
    raise SchemaError(
        "expected a sparse operator inside its dataset, which has the PSF that it was made of, found one by itself; "
        "write the dataset"
    )


def _make_operator(value: Any, cls: type, state: State) -> None:
    leave_unmade(value, cls, _operator, state)


def _operator(cls: type[Any], state: State) -> Any:
    return cls.from_noise_map_and_psf(
        data=state["data"],
        noise_map=state["noise_map"],
        psf=state["psf"].kernel.native,
        batch_size=state["batch_size"],
    )


SPECIAL: Mapping[str, Special] = {
    "autoarray.Settings": Special(_settings_of, _make_settings),
    "autoarray.ConvolverState": Special(_convolver_state_of, _make_convolver_state),
    "autoarray.OverSampler": Special(_arguments("mask", "sub_size"), _by_constructor),
    "autoarray.BorderRelocator": Special(_arguments("mask", "sub_size"), _by_constructor),
    "autoarray.ImagingSparseOperator": Special(_operator_alone, _make_operator),
    "autoarray.Imaging": Special(_dataset_of, whole=False),
    "autoarray.DatasetInterface": Special(_dataset_of, whole=False),
}
