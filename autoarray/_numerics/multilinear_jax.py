"""Products that NumPy forms on a CPU, in every mode of differentiation of JAX.

A product of several arguments that is linear in each of them is given by its sum with one more, the form
T(x_1, ..., x_k). The derivative of T by x_i is the product that is missing x_i. That product is linear in each x_j,
so its derivative along a change of x_j is the same product with the change in the place of x_j. And its transpose in
x_j is the derivative of T by x_j, with the cotangent in the place of x_i. So forward mode, reverse mode, and any order
of either need nothing but the k derivatives of T, each of which may be a call to NumPy.
"""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import ShapedArray
from jax.extend.core import Primitive
from jax.interpreters import ad, batching, mlir

from autoarray._numerics.host_call import host_call
from autoarray._typing import Array

if TYPE_CHECKING:
    from jax.typing import ArrayLike

# One argument: one array or several, and what is known of them before they are.
Arrays: TypeAlias = "Sequence[Array]"
Shapes: TypeAlias = "Sequence[jax.ShapeDtypeStruct]"


class MultilinearForm(ABC):
    """A number T(x_1, ..., x_k) that is linear in each of its arguments, which are lists of arrays.

    Forms are hashed and compared by what they hold, so that JAX compiles what depends on equal forms once.
    """

    @abstractmethod
    def derivative_on_host(self, index: int, fixed: Arrays, arguments: Sequence[Any]) -> Arrays:
        """The derivative of T by x_index, from NumPy arrays that may only be read.

        Parameters
        ----------
        fixed
            Arrays, such as indexes, that T depends on and is not differentiated by.
        arguments
            All arguments, each a list of arrays, with None in the place of x_index.

        Returns
        -------
        list of arrays
            Of the shapes of x_index.
        """

    @abstractmethod
    def derivative_on_device(self, index: int, fixed: Arrays, arguments: Sequence[Any]) -> Arrays:
        """The same from JAX arrays, as a program for other devices than a CPU."""


class _Product(NamedTuple):
    """What is known of a derivative of a form before its arguments are."""

    form: MultilinearForm
    index: int
    fixed_ranks: tuple[int, ...]
    arguments: tuple[tuple[tuple[tuple[int, ...], np.dtype], ...], ...]  # the shapes and types of all, x_index too

    @property
    def given(self) -> list[int]:
        """The arguments that the product is linear in."""
        return [i for i in range(len(self.arguments)) if i != self.index]

    @property
    def ranks(self) -> list[int]:
        """The number of axes of each operand without those of batches."""
        return [*self.fixed_ranks, *(len(shape) for i in self.given for shape, _ in self.arguments[i])]

    def split(self, operands: Sequence[Any]) -> tuple[list[Any], list[Any]]:
        """The fixed arrays and the arguments, with None in the place of x_index, from the operands one by one."""
        fixed, rest = list(operands[: len(self.fixed_ranks)]), list(operands[len(self.fixed_ranks) :])
        arguments: list[Any] = [None] * len(self.arguments)
        for i in self.given:
            count = len(self.arguments[i])
            arguments[i], rest = rest[:count], rest[count:]
        return fixed, arguments

    def joined(self, fixed: Arrays, arguments: Sequence[Any]) -> list[Any]:
        """The operands one by one."""
        return [*fixed, *(array for i in self.given for array in arguments[i])]

    def batch_shape(self, operands: Sequence[Any]) -> tuple[int, ...]:
        """The axes of batches, which are the first ones of an operand that has any, and broadcast."""
        shapes = [np.shape(operand) for operand in operands]
        return np.broadcast_shapes(*(s[: len(s) - rank] for s, rank in zip(shapes, self.ranks, strict=True)))


def derivative_from(
    form: MultilinearForm, index: int, fixed: Sequence[ArrayLike], arguments: Sequence[Any]
) -> list[jax.Array]:
    """The derivative of a multilinear form by x_index, which can be differentiated and batched.

    Parameters
    ----------
    fixed
        Arrays that the form depends on and is not differentiated by.
    arguments
        All arguments, each a list of arrays; in the place of x_index a list of `jax.ShapeDtypeStruct`.

    Returns
    -------
    list of arrays
        Of the shapes of x_index.
    """
    avals = tuple(tuple((tuple(a.shape), np.dtype(a.dtype)) for a in argument) for argument in arguments)
    product = _Product(form, index, tuple(np.ndim(array) for array in fixed), avals)
    return _product_p.bind(*product.joined([jnp.asarray(array) for array in fixed], arguments), product=product)


# ---------------------------------------------------------------------- the programs


def _on_cpu(*operands: jax.Array, product: _Product) -> list[jax.Array]:
    shapes = [jax.ShapeDtypeStruct(shape, dtype) for shape, dtype in product.arguments[product.index]]

    def called(*operands: jax.Array) -> Any:
        return host_call(functools.partial(_called, product), shapes, *operands)

    return _batched(called, product.ranks, operands)


def _called(product: _Product, *operands: np.ndarray) -> Arrays:
    return product.form.derivative_on_host(product.index, *product.split(operands))


def _on_device(*operands: jax.Array, product: _Product) -> list[jax.Array]:
    def program(*operands: jax.Array) -> Any:
        return list(product.form.derivative_on_device(product.index, *product.split(operands)))

    return _batched(program, product.ranks, operands)


def _batched(function: Callable[..., Any], ranks: Sequence[int], operands: Sequence[jax.Array]) -> Any:
    """A function of operands with more axes than it is for, by one `jax.vmap` for each."""
    depth = max(x.ndim - rank for x, rank in zip(operands, ranks, strict=True))
    if depth == 0:
        return function(*operands)
    has_axis = [x.ndim - rank == depth for x, rank in zip(operands, ranks, strict=True)]
    size = max(x.shape[0] for x, has in zip(operands, has_axis, strict=True) if has)
    axes = []
    inner = []
    for x, has in zip(operands, has_axis, strict=True):
        single = has and x.shape[0] < size
        inner.append(x[0] if single else x)
        axes.append(0 if has and not single else None)
    return jax.vmap(lambda *xs: _batched(function, ranks, xs), in_axes=tuple(axes))(*inner)


def _by_platform(*operands: jax.Array, product: _Product) -> list[jax.Array]:
    on_cpu, on_device = (functools.partial(f, product=product) for f in (_on_cpu, _on_device))
    return jax.lax.platform_dependent(*operands, cpu=on_cpu, default=on_device)


# ---------------------------------------------------------------------- the rules of JAX


def _shapes(*operands: Any, product: _Product) -> list[ShapedArray]:
    batch = product.batch_shape(operands)
    return [ShapedArray(batch + shape, dtype) for shape, dtype in product.arguments[product.index]]


def _along(
    primals: Sequence[jax.Array], tangents: Sequence[Any], *, product: _Product
) -> tuple[list[jax.Array], list[jax.Array]]:
    """Forward mode: for each argument that changes, the product with its change in its place."""
    value = _product_p.bind(*primals, product=product)
    fixed, arguments = product.split(primals)
    _, changes = product.split(tangents)
    total = None
    for i in product.given:
        if all(isinstance(change, ad.Zero) for change in changes[i]):
            continue
        with_change = [*arguments]
        with_change[i] = [ad.instantiate_zeros(change) for change in changes[i]]
        term = _product_p.bind(*product.joined(fixed, with_change), product=product)
        total = term if total is None else [a + b for a, b in zip(total, term, strict=True)]
    return value, [jnp.zeros_like(v) for v in value] if total is None else total


def _transposed(cotangents: Sequence[Any], *operands: Any, product: _Product) -> list[Any]:
    """Reverse mode: the derivative of the form by the argument that is not known yet."""
    fixed, arguments = product.split(operands)
    (unknown,) = [i for i in product.given if any(map(ad.is_undefined_primal, arguments[i]))]
    aimed = arguments[unknown]
    arguments[unknown] = None
    arguments[product.index] = [
        ad.instantiate_zeros(cotangent) if isinstance(cotangent, ad.Zero) else cotangent for cotangent in cotangents
    ]
    other = product._replace(index=unknown)
    found = _product_p.bind(*other.joined(fixed, arguments), product=other)
    results: list[Any] = [None] * len(fixed)
    for i in product.given:
        if i != unknown:
            results += [None] * len(product.arguments[i])
            continue
        for operand, values in zip(aimed, found, strict=True):
            is_wanted = ad.is_undefined_primal(operand)
            results.append(_summed_to(values, operand.aval.shape) if is_wanted else None)
    return results


def _summed_to(values: jax.Array, shape: tuple[int, ...]) -> jax.Array:
    """Values summed over the axes of batches that an operand of this shape does not have."""
    values = values.sum(axis=tuple(range(values.ndim - len(shape))))
    single = tuple(i for i, (own, size) in enumerate(zip(shape, values.shape, strict=True)) if own < size)
    return values.sum(axis=single, keepdims=True)


def _of_a_batch(
    operands: Sequence[jax.Array], axes: Sequence[Any], *, product: _Product
) -> tuple[list[jax.Array], list[int]]:
    """`jax.vmap`: one more axis in front of those operands that have it; the others broadcast."""
    depth = 1 + max(
        x.ndim - rank - (axis is not None) for x, rank, axis in zip(operands, product.ranks, axes, strict=True)
    )
    moved = []
    for x, rank, axis in zip(operands, product.ranks, axes, strict=True):
        if axis is not None:
            x = jnp.moveaxis(x, axis, 0)
            x = x.reshape(x.shape[:1] + (1,) * (depth - (x.ndim - rank)) + x.shape[1:])
        moved.append(x)
    results = _product_p.bind(*moved, product=product)
    return results, [0] * len(results)


_product_p = Primitive("autoarray_multilinear_product")
_product_p.multiple_results = True
# Outside `jax.jit` compiled by itself, once for equal forms and shapes.
_product_p.def_impl(jax.jit(_by_platform, static_argnames="product"))
_product_p.def_abstract_eval(_shapes)
ad.primitive_jvps[_product_p] = _along
ad.primitive_transposes[_product_p] = _transposed
batching.primitive_batchers[_product_p] = _of_a_batch
mlir.register_lowering(_product_p, mlir.lower_fun(_by_platform, multiple_results=True))
