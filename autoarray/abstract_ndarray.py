"""The base of every data structure: one array, NumPy's or JAX's, with what belongs to it.

Arithmetic gives a new object of the same class with the same mask, header and so on; comparisons
and reductions give plain arrays and scalars. The array decides the backend: an object that is
given a JAX array computes with JAX.
"""

# pyright: reportPrivateUsage=false
# The functions of this module are the class's own, and read what it stores.

from __future__ import annotations

import operator
from abc import ABC
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Self, TypeVar

import numpy as np

from autoarray import _pytree
from autoarray._backend import Backend, as_array, is_jax_array, xp_of
from autoarray._display import line
from autoarray._typing import ArrayLike, Index, Namespace

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

T = TypeVar("T", bound="AbstractNDArray")

# The classes whose objects JAX can flatten: clients that register one with JAX themselves add it here.
_pytree_registered_classes = _pytree._registered

# As `Any`, because half of its functions are declared without types.
_op: Any = operator


def unwrap(value: object) -> Any:
    """The plain array of a data structure; anything else as it is."""
    while isinstance(value, AbstractNDArray):
        value = value._array
    return value


def unwrap_array(func: Callable[..., Any]) -> Callable[..., Any]:
    """Make a binary method of a data structure take the plain array of its other operand."""

    def wrapper(self: AbstractNDArray, other: ArrayLike) -> Any:
        return func(self, unwrap(other))

    wrapper.__name__ = func.__name__
    wrapper.__doc__ = func.__doc__
    return wrapper


def to_new_array(func: Callable[..., Any]) -> Callable[..., Any]:
    """Make a method's plain array a new object of the same class (`AbstractNDArray.with_new_array`)."""

    def wrapper(self: AbstractNDArray, *args: Any, **kwargs: Any) -> Any:
        return self.with_new_array(func(self, *args, **kwargs))

    wrapper.__name__ = func.__name__
    wrapper.__doc__ = func.__doc__
    return wrapper


def register_instance_pytree(cls: type[object], no_flatten: Iterable[str] = ()) -> None:
    """Let objects of any class cross the boundary of `jax.jit`.

    Objects of the classes of this package do so already. A class of a user is flattened by its
    `__dict__`: every attribute is a child that JAX may trace, except those named in `no_flatten`,
    which are carried along as they are and never traced. A second call for a class does nothing.
    """
    if issubclass(cls, Backend) and not tuple(no_flatten):
        _pytree.register(cls)
        return
    import jax

    fixed = frozenset(no_flatten)

    def flatten(instance: object) -> tuple[list[Any], Any]:
        state = vars(instance).copy()
        names = tuple(sorted(state.keys() - fixed))
        static = {name: state[name] for name in sorted(state.keys() & fixed)}
        return [state[name] for name in names], (names, _pytree._Static(static))

    def flatten_with_keys(instance: object) -> tuple[list[Any], Any]:
        children, aux = flatten(instance)
        return [(jax.tree_util.GetAttrKey(name), child) for name, child in zip(aux[0], children, strict=True)], aux

    def unflatten(aux: tuple[tuple[str, ...], _pytree._Static], children: Iterable[Any]) -> Any:
        names, static = aux
        instance = object.__new__(cls)
        for name, value in [*static.values.items(), *zip(names, children, strict=True)]:
            instance.__dict__[name] = value
        return instance

    _pytree.register_with(cls, flatten_with_keys, unflatten, flatten)


def _binary(op: Callable[[Any, Any], Any], reflected: bool = False) -> Callable[[T, ArrayLike], T]:
    """An arithmetic operator between a data structure and another one, an array or a number."""

    def method(self: T, other: ArrayLike) -> T:
        values = unwrap(other)
        return self.with_new_array(op(values, self._array) if reflected else op(self._array, values))

    return method


def _comparison(op: Callable[[Any, Any], Any]) -> Any:
    """An elementwise comparison, whose result is a plain array of bools."""

    def method(self: AbstractNDArray, other: ArrayLike) -> Any:
        return op(self._array, unwrap(other))

    return method


class AbstractNDArray(Backend, ABC):
    """An array with the attributes that belong to it.

    Parameters
    ----------
    array
        The values. A JAX array or tracer makes this an object that computes with JAX, whatever
        `xp` is, so that objects can be built from traced values anywhere inside `jax.jit`.
    xp
        `numpy`, or `jax.numpy` to bring NumPy values to JAX.
    """

    _array: Any
    _is_transformed: bool

    def __init__(self, array: ArrayLike, xp: Namespace = np) -> None:
        array = unwrap(array)
        if is_jax_array(array):
            xp = xp_of(array)
        self._set_backend(xp)
        self._array = as_array(array, xp)
        self._is_transformed = False

    # What NumPy looks up on the object to decide who computes `ndarray + structure`: an object on
    # JAX goes first, since NumPy could not read its values while they are traced.
    @property
    def __array_priority__(self) -> float:
        return 100.0 if self.__dict__.get("_use_jax") else 0.0

    def __getattr__(self, name: str) -> Any:
        # The array's own attributes (`mean`, `T`, `flatten`, ...), reached only when normal look-up failed.
        if not name.startswith("_") and "_array" in self.__dict__ and hasattr(self._array, name):
            return getattr(self._array, name)
        return super().__getattr__(name)

    @property
    def array(self) -> Any:
        """The values as a plain NumPy or JAX array."""
        self._check_state()
        return self._array

    def _check_state(self) -> None:
        """Raise `exc.StateException` if another library wrote the state, which then lacks the flag."""
        _ = self._use_jax

    @property
    def native(self) -> Any:
        """The structure with its values in their native dimensions, if its class has such a form."""
        raise AttributeError(f"{type(self).__name__} has no native form")

    @property
    def is_transformed(self) -> bool:
        """Whether the coordinates are in the reference frame of a profile already."""
        return self._is_transformed

    @is_transformed.setter
    def is_transformed(self, value: bool) -> None:
        self._is_transformed = bool(value)

    def with_new_array(self, array: ArrayLike) -> Self:
        """A copy of this object with other values, and nothing derived from the old ones."""
        self._check_state()
        array = unwrap(array)
        xp = xp_of(array)
        new = self._with(_array=as_array(array, xp))
        new._set_backend(xp)
        return new

    def copy(self) -> Self:
        """A copy of this object with its own values."""
        return self.with_new_array(self._array.copy())

    __copy__ = copy

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the values."""
        return self._array.shape

    @property
    def size(self) -> int:
        """The number of values."""
        return self._array.size

    @property
    def ndim(self) -> int:
        """The number of dimensions of the values."""
        return self._array.ndim

    @property
    def dtype(self) -> np.dtype:
        """The type of the values."""
        return self._array.dtype

    @property
    def real(self) -> Self:
        """The real part of the values."""
        return self.with_new_array(self._array.real)

    @property
    def imag(self) -> Self:
        """The imaginary part of the values."""
        return self.with_new_array(self._array.imag)

    def astype(self, *args: Any, **kwargs: Any) -> Self:
        """The same structure with values of another type; the arguments are those of `numpy.ndarray.astype`."""
        return self.with_new_array(self._array.astype(*args, **kwargs))

    def reshape(self, *args: Any, **kwargs: Any) -> Self:
        """The same values in another shape; the arguments are those of `numpy.ndarray.reshape`."""
        return self.with_new_array(self._array.reshape(*args, **kwargs))

    def sqrt(self, *args: Any, **kwargs: Any) -> Self:
        """The square root of every value."""
        return self.with_new_array(self._xp.sqrt(self._array, *args, **kwargs))

    def invert(self) -> Self:
        """The elementwise logical (or bitwise) inverse."""
        return self.with_new_array(self._xp.invert(self._array))

    def sum(self, *args: Any, **kwargs: Any) -> Any:
        """The sum of the values, or of those along an axis; the arguments are those of `numpy.ndarray.sum`."""
        return self._array.sum(*args, **kwargs)

    def min(self, *args: Any, **kwargs: Any) -> Any:
        """The least value, or the least along an axis; the arguments are those of `numpy.ndarray.min`."""
        return self._array.min(*args, **kwargs)

    def max(self, *args: Any, **kwargs: Any) -> Any:
        """The greatest value, or the greatest along an axis; the arguments are those of `numpy.ndarray.max`."""
        return self._array.max(*args, **kwargs)

    def all(self) -> Any:
        """Whether no value is zero (or False)."""
        return self._array.all()

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self._array, dtype=dtype, copy=copy)

    def __getitem__(self, item: Index) -> Any:
        result = self._array[unwrap(item)]
        # A run of entries is still such a structure; anything else (a scalar, a column, a selection) is not.
        return self.with_new_array(result) if isinstance(item, slice) else result

    def __setitem__(self, key: Index, value: ArrayLike) -> None:
        key, value = unwrap(key), unwrap(value)
        if self._use_jax:
            self._array = self._array.at[key].set(value)
        else:
            self._array[key] = value
        vars(self).pop("_derived", None)

    def __len__(self) -> int:
        return len(self._array)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._array)

    def __float__(self) -> float:
        """The only value of a structure that holds one."""
        if self.size != 1:
            raise TypeError(
                f"{type(self).__name__}: expected a single value, which float() takes, found shape {tuple(self.shape)}"
            )
        return float(self._array.reshape(()))

    def __contains__(self, value: ArrayLike) -> bool:
        return bool((self._array == unwrap(value)).any())

    def _repr_parts(self) -> list[str]:
        return [line.backend(self), line.array(self)]

    # Comparisons are elementwise, so an object is told from another by its identity.
    __hash__ = object.__hash__

    __eq__ = _comparison(_op.eq)
    __ne__ = _comparison(_op.ne)
    __lt__ = _comparison(_op.lt)
    __le__ = _comparison(_op.le)
    __gt__ = _comparison(_op.gt)
    __ge__ = _comparison(_op.ge)

    __add__ = _binary(_op.add)
    __radd__ = _binary(_op.add, reflected=True)
    __sub__ = _binary(_op.sub)
    __rsub__ = _binary(_op.sub, reflected=True)
    __mul__ = _binary(_op.mul)
    __rmul__ = _binary(_op.mul, reflected=True)
    __truediv__ = _binary(_op.truediv)
    __rtruediv__ = _binary(_op.truediv, reflected=True)
    __floordiv__ = _binary(_op.floordiv)
    __rfloordiv__ = _binary(_op.floordiv, reflected=True)
    __mod__ = _binary(_op.mod)
    __rmod__ = _binary(_op.mod, reflected=True)
    __pow__ = _binary(_op.pow)
    __rpow__ = _binary(_op.pow, reflected=True)
    __and__ = _binary(_op.and_)
    __rand__ = _binary(_op.and_, reflected=True)
    __or__ = _binary(_op.or_)
    __ror__ = _binary(_op.or_, reflected=True)
    __xor__ = _binary(_op.xor)
    __rxor__ = _binary(_op.xor, reflected=True)

    def __divmod__(self, other: ArrayLike) -> Any:
        return divmod(self._array, unwrap(other))

    def __rdivmod__(self, other: ArrayLike) -> Any:
        return divmod(unwrap(other), self._array)

    def __neg__(self) -> Self:
        return self.with_new_array(-self._array)

    def __abs__(self) -> Self:
        return self.with_new_array(abs(self._array))

    def __invert__(self) -> Any:
        return ~self._array
