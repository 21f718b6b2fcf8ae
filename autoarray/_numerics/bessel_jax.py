"""The modified Bessel function K_nu in JAX, for any real order, with derivatives.

`jax.scipy` has no K_nu. Here it is the integral from 0 to infinity of exp(-z cosh t) cosh(nu t) (Abramowitz & Stegun
1964, 9.6.24). The integrand is even, analytic and falls doubly exponentially, so the trapezoidal rule converges
geometrically: `NODES` nodes, spread over the range where a value of z needs them, give a relative error below 1e-11 for
orders up to 10. The derivatives are integrals of the same kind, so that no node is kept for reverse mode. On a CPU,
where 128 nodes for every pair of mesh pixels take seconds, SciPy is called for all but the derivative by the order.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import digamma, gammaln

from autoarray._numerics.host_call import host_call

if TYPE_CHECKING:
    from jaxtyping import Float

NODES = 128

# What the exponent has fallen by at the last node, for the order zero and for every order more.
_FALL, _FALL_PER_ORDER = 50.0, 3.0

# Below these arguments the nodes would be too far apart: z^nu K_nu is constant there to the last digit for orders from
# one, and to a few 1e-9 for those of a third.
_LEAST, _LEAST_BELOW_ORDER_ONE = 1e-9, 1e-14


def _scaled(nu: Any, z: Float[jax.Array, "*shape"], log_scale: Any) -> Float[jax.Array, "*shape"]:
    """The product of exp(log_scale) with K_nu(z), for z > 0."""

    def on_cpu(nu: jax.Array, z: jax.Array, log_scale: jax.Array) -> jax.Array:
        shape = jax.ShapeDtypeStruct(z.shape, z.dtype)
        return host_call(_scaled_with_scipy, shape, nu, z, log_scale)

    arguments = jnp.asarray(nu, dtype=z.dtype), z, jnp.broadcast_to(log_scale, z.shape)
    return jax.lax.platform_dependent(*arguments, cpu=on_cpu, default=_integral)


def _scaled_with_scipy(
    nu: Float[np.ndarray, ""], z: Float[np.ndarray, "*shape"], log_scale: Float[np.ndarray, "*shape"]
) -> Float[np.ndarray, "*shape"]:
    from scipy.special import kve

    # SciPy has no value for the greatest z, where the product is 0.
    return np.exp(log_scale - z + np.log(kve(nu, np.minimum(z, 1e6))))


def _integral(
    nu: Any, z: Float[jax.Array, "*shape"], log_scale: Any, by_order: bool = False
) -> Float[jax.Array, "*shape"]:
    """The product of exp(log_scale) with K_nu(z), or with its derivative by the order, for z > 0."""
    fall = _FALL + _FALL_PER_ORDER * nu
    last = 2.0 * jnp.arcsinh(jnp.sqrt(fall / (2.0 * z)))

    def add(node: jax.Array, total: jax.Array) -> jax.Array:
        t = last * (node / NODES)
        half = jnp.exp(0.5 * t)
        # z cosh t = z + 2 z sinh(t / 2)^2, in which no digits are lost for large z.
        exponent = log_scale - z - 0.5 * z * (half - 1.0 / half) ** 2
        rising, falling = jnp.exp(exponent + nu * t), jnp.exp(exponent - nu * t)
        term = t * (rising - falling) if by_order else rising + falling
        return total + jnp.where(node == 0, 0.5, 1.0) * term

    total = jax.lax.fori_loop(0, NODES + 1, add, jnp.zeros_like(z))
    return 0.5 * last / NODES * total


def _log_scale(nu: Any, z: Float[jax.Array, "*shape"]) -> Float[jax.Array, "*shape"]:
    """The logarithm of 2^(1 - nu) z^nu / Gamma(nu), which makes z^nu K_nu(z) one at z = 0."""
    return (1.0 - nu) * jnp.log(2.0) - gammaln(nu) + nu * jnp.log(z)


def _clipped(nu: Any, z: Float[jax.Array, "*shape"]) -> Float[jax.Array, "*shape"]:
    return jnp.maximum(z, jnp.where(nu >= 1.0, _LEAST, _LEAST_BELOW_ORDER_ONE))


@jax.custom_jvp
def _matern(nu: Any, z: Float[jax.Array, "*shape"]) -> Float[jax.Array, "*shape"]:
    z = _clipped(nu, z)
    # K_nu overflows for orders above 30 at the least arguments, where the product is 1.
    return jnp.minimum(_scaled(nu, z, _log_scale(nu, z)), 1.0)


def _slope(nu: Any, z: Float[jax.Array, "*shape"]) -> Float[jax.Array, "*shape"]:
    """The derivative by z: -2^(1 - nu) / Gamma(nu) z^nu K_(nu - 1)(z)."""
    z = _clipped(nu, z)
    return -_scaled(jnp.abs(nu - 1.0), z, _log_scale(nu, z))


@_matern.defjvp
def _matern_jvp(primals: Any, tangents: Any) -> Any:
    nu, z = primals
    value = _matern(nu, z)
    clipped = _clipped(nu, z)
    scale = _log_scale(nu, clipped)
    by_order = _integral(nu, clipped, scale, by_order=True) + (jnp.log(0.5 * clipped) - digamma(nu)) * value
    return value, _slope(nu, z) * tangents[1] + by_order * tangents[0]


@functools.partial(jax.custom_jvp, nondiff_argnums=(0,))
def _matern_of_fixed_order(nu: float, z: Float[jax.Array, "*shape"]) -> Float[jax.Array, "*shape"]:
    return _matern(nu, z)


@_matern_of_fixed_order.defjvp
def _matern_of_fixed_order_jvp(nu: float, primals: Any, tangents: Any) -> Any:
    (z,), (tangent,) = primals, tangents
    return _matern(nu, z), _slope(nu, z) * tangent


_matern_compiled = jax.jit(_matern)
_matern_of_fixed_order_compiled = jax.jit(_matern_of_fixed_order, static_argnums=(0,))


def matern_from(nu: Any, z: Float[jax.Array, "*shape"]) -> Float[jax.Array, "*shape"]:
    """2^(1 - nu) / Gamma(nu) z^nu K_nu(z) for z > 0, of the shape of z.

    Parameters
    ----------
    nu
        The order, positive: a number, or a JAX scalar that may be differentiated by.
    z
        The argument, positive.
    """
    if isinstance(nu, (int, float)):
        return _matern_of_fixed_order_compiled(float(nu), z)
    return _matern_compiled(nu, z)


@jax.custom_jvp
def _kv(nu: Any, z: Float[jax.Array, "*shape"]) -> Float[jax.Array, "*shape"]:
    return _scaled(nu, z, 0.0)


@_kv.defjvp
def _kv_jvp(primals: Any, tangents: Any) -> Any:
    nu, z = primals
    slope = -0.5 * (_scaled(jnp.abs(nu - 1.0), z, 0.0) + _scaled(nu + 1.0, z, 0.0))
    return _kv(nu, z), slope * tangents[1] + _integral(nu, z, 0.0, by_order=True) * tangents[0]


@jax.jit
def kv(nu: Any, z: Float[jax.Array, "*shape"]) -> Float[jax.Array, "*shape"]:
    """K_nu(z), of the shape of z; infinite at z = 0 and NaN below."""
    nu, z = jnp.abs(jnp.asarray(nu, dtype=float)), jnp.asarray(z, dtype=float)
    inside = z > 0.0
    return jnp.where(inside, _kv(nu, jnp.where(inside, z, 1.0)), jnp.where(z == 0.0, jnp.inf, jnp.nan))
