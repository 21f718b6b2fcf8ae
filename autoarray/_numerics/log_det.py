"""The logarithm of a determinant from a Cholesky factor whose last pivot may be lost in rounding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autoarray._typing import ArrayT, Namespace

if TYPE_CHECKING:
    from jaxtyping import Float


def log_det_of_factor_from(
    entries: Float[ArrayT, "_ params"],
    sums: Float[ArrayT, "params"],
    diagonal: Float[ArrayT, "params"],
    last: Float[ArrayT, ""],
    xp: Namespace,
) -> Float[ArrayT, ""]:
    """The natural logarithm of the determinant of a symmetric, positive definite matrix H = L L^T.

    A neighbor regularization is close to singular: for a constant reconstruction. Its last pivot is the difference of
    numbers that are 1e8 times larger, and half of its digits are rounding errors that differ between processors. The
    solution z of L z = H 1 is L^T 1, so that its last entry is the last pivot too. If all entries of H off its diagonal
    are at most zero, and the sums H 1 of its rows are positive, then z is computed without any cancellation (Alfa, Xue
    & Ye 2002, Math. Comp. 71, 217). The pivot of any other matrix is L's.

    Parameters
    ----------
    entries
        The entries of H, of shape (params, params), or of its lower triangle alone.
    sums
        The sums of its rows, H 1, of shape (params,).
    diagonal
        The diagonal of its lower Cholesky factor L, of shape (params,).
    last
        The last entry of z.
    xp
        `numpy` or `jax.numpy`.
    """
    is_m_matrix = (xp.count_nonzero(entries > 0.0) == diagonal.shape[0]) & (xp.min(sums) > 0.0)
    last_pivot = xp.where(is_m_matrix, last, diagonal[-1])
    return 2.0 * xp.sum(xp.log(diagonal)) + xp.log(last_pivot / diagonal[-1])
