"""A Matern covariance between all pairs of mesh pixels."""

from __future__ import annotations

import math

import numpy as np

from autoarray._backend import is_jax_array
from autoarray._typing import Array, Namespace, Scalar
from autoarray._validation import check_number
from autoarray.inversion.regularization._covariance import (
    JITTER,
    AbstractKernel,
    apply_jitter,
    correlation_matrix_from,
    inv_via_cholesky,
    quadratic_form_via_cholesky,
)
from autoarray.inversion.regularization.abstract import Smoothable
from autoarray.structures.grids.irregular_2d import Grid2DIrregular

__all__ = [
    "MaternKernel",
    "apply_jitter",
    "gamma_xp",
    "inv_via_cholesky",
    "kv_xp",
    "matern_cov_matrix_from",
    "matern_kernel",
    "quadratic_form_via_cholesky",
]

# The greatest smoothness: beyond it K_v leaves the range of float64 at distances where the correlation is not yet 1.
_SMOOTHEST = 50.0

# The highest half-integer smoothness that is a polynomial times an exponential here.
_HIGHEST_CLOSED_FORM = 10.5


def kv_xp(v: Scalar, z: Array, xp: Namespace = np) -> Array:
    """The modified Bessel function of the second kind K_v(z): SciPy's, or `bessel_jax.kv`."""
    if xp is np:
        from scipy.special import kv

        return kv(v, z)
    from autoarray._numerics import bessel_jax

    return bessel_jax.kv(v, z)


def gamma_xp(x: Array, xp: Namespace = np) -> Array:
    """The gamma function."""
    if xp is np:
        from scipy.special import gamma
    else:
        from jax.scipy.special import gamma
    return gamma(x)


def matern_kernel(r: Array, l: Scalar = 1.0, v: Scalar = 0.5, xp: Namespace = np) -> Array:  # noqa: E741
    """The Matern correlation 2^(1 - v) / Gamma(v) z^v K_v(z) with z = sqrt(2 v) r / l; 1 at r = 0.

    Where v is 0.5, 1.5, ... it is a polynomial times exp(-z).

    Parameters
    ----------
    r
        Distances, in the units of l, of any shape.
    l
        The correlation length.
    v
        The smoothness, a positive number.

    Returns
    -------
    array
        Of the shape of r. In JAX mode it can be differentiated by r, l and v.
    """
    r = xp.asarray(r)
    apart = r > 0.0
    z = xp.sqrt(2.0 * v) * xp.where(apart, r, 1.0) / l
    if not is_jax_array(v) and v <= _HIGHEST_CLOSED_FORM and (v - 0.5) % 1.0 == 0.0:
        values = _half_integer(z, round(float(v) - 0.5), xp)
    elif xp is np:
        from scipy.special import gammaln, kve

        # In logarithms, because z^v and K_v leave the range of float64 where their product does not. SciPy has no
        # value for the greatest z, where the product is 0.
        scaled = kve(v, np.minimum(z, 1e6))
        logarithm = (1.0 - v) * math.log(2.0) - gammaln(v) + v * np.log(z) + np.log(scaled) - z
        # K_v itself overflows where z is so small that the product is 1 to the last digit.
        values = np.where(np.isposinf(logarithm), 1.0, np.exp(np.minimum(logarithm, 0.0)))
    else:
        from autoarray._numerics import bessel_jax

        values = bessel_jax.matern_from(v, z)
    return xp.where(apart, values, 1.0)


def _half_integer(z: Array, order: int, xp: Namespace) -> Array:
    """The correlation of smoothness order + 1 / 2 (Rasmussen & Williams 2006, eq. 4.16)."""
    factorial = math.factorial
    polynomial = 0.0
    for k in range(order + 1):
        share = factorial(order) * factorial(order + k) / (factorial(2 * order) * factorial(k) * factorial(order - k))
        polynomial = polynomial + share * (2.0 * z) ** (order - k)
    return polynomial * xp.exp(-z)


def matern_cov_matrix_from(
    scale: Scalar,
    nu: Scalar,
    pixel_points: Array | Grid2DIrregular,
    weights: Array | None = None,
    jitter: Scalar = JITTER,
    jitter_relative: bool = False,
    xp: Namespace = np,
) -> Array:
    """The Matern covariance between points, times the weights of both, plus the jitter.

    Parameters
    ----------
    scale
        The correlation length, in arc-seconds.
    nu
        The smoothness.
    pixel_points
        (y, x) coordinates of shape (N, 2), in arc-seconds.
    weights
        The standard deviation of each point, of shape (N,); 1 if None.
    jitter, jitter_relative
        See `covariance.apply_jitter`.

    Returns
    -------
    array
        Of shape (N, N).
    """
    matrix = correlation_matrix_from(lambda r: matern_kernel(r, scale, nu, xp), pixel_points, xp)
    if weights is not None:
        matrix = matrix * (weights[:, None] * weights)
    return apply_jitter(matrix, jitter, jitter_relative, xp)


class MaternKernel(AbstractKernel):
    """Smooths all mesh pixels with a Matern covariance, in the manner of Vernardos & Koopmans (2022).

    Parameters
    ----------
    coefficient, scale, jitter, jitter_relative
        See `AbstractKernel`.
    nu
        The smoothness, at most 50: 0.5 is the exponential covariance, infinity a Gaussian one. Half-integers are
        fastest.

    Raises
    ------
    ValueError
        As `AbstractKernel`, and if nu is not positive or above 50.
    """

    def __init__(
        self,
        coefficient: float = 1.0,
        scale: float = 1.0,
        nu: float = 0.5,
        jitter: float | None = None,
        jitter_relative: bool = False,
    ) -> None:
        super().__init__(coefficient=coefficient, scale=scale, jitter=jitter, jitter_relative=jitter_relative)
        name = f"{type(self).__name__}.nu"
        check_number(nu, name, "a positive, finite number", above=0.0)
        check_number(nu, name, f"at most {_SMOOTHEST:g} (see GaussianKernel, its limit)", most=_SMOOTHEST)
        self.nu = nu

    def _kernel_weights_from(self, linear_obj: Smoothable, xp: Namespace) -> Array | None:
        return None

    def covariance_matrix_from(self, linear_obj: Smoothable, xp: Namespace = np) -> Array:
        return matern_cov_matrix_from(
            self.scale,
            self.nu,
            linear_obj.source_plane_mesh_grid,
            self._kernel_weights_from(linear_obj, xp),
            self.jitter_value,
            self.jitter_relative,
            xp,
        )
