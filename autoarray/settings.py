"""The settings of an inversion."""

from __future__ import annotations

from typing import TypeVar

from autoarray import exc
from autoarray._display import line
from autoarray._state import State
from autoarray._validation import check_choice, check_flag, check_instance, check_number, whole_from

T = TypeVar("T")

LOG_DET_METHODS = ("cholesky", "slogdet")
REGULARIZATION_TERM_METHODS = ("matmul", "cho_solve")
INTERFEROMETER_ROUTES = ("fft", "numba", "matrix_free")


def settings_from(settings: Settings | None, name: str) -> Settings:
    """The settings given, or the defaults for None.

    Raises
    ------
    InversionException
        If they are something else.
    """
    if settings is None:
        return Settings()
    check_instance(settings, Settings, name, "Settings or None", exc.InversionException)
    return settings


class Settings(State):
    """How an inversion is solved.

    An argument left as None takes the default below, and the value taken is what the object stores: a fit that is
    opened again years later is solved as it was, whatever the defaults are by then.

    Parameters
    ----------
    use_mixed_precision
        Hold the convolved mapping matrix in float32 while the curvature matrix is formed. Faster, and exact to
        about 1e-6 only; every other step stays in float64.
    use_positive_only_solver
        Solve for a reconstruction without negative values (default True).
    use_edge_zeroed_pixels
        Fix the pixels at the edge of the mesh to zero, which takes them out of the solve (default True). Consulted
        only by the positive-only solver.
    use_border_relocator
        Whether the code that builds a fit moves traced coordinates outside the border onto it (default False).
    no_regularization_add_to_curvature_diag_value
        What is added to the diagonal of the curvature matrix for linear objects without regularization
        (default 1e-3).
    nnls_solver_tol
        Relative tolerance of the optimality conditions of the positive-only solver (default 1e-12).
    nnls_max_iter
        Most iterations of the positive-only solver (default: three per parameter, at least 100).
    log_det_method
        "cholesky" (default) or "slogdet", which stays finite where a matrix is not positive definite, and takes the
        determinant of a kernel regularization from the factor of its covariance rather than from its inverse.
    regularization_term_method
        "matmul" (default), with the regularization matrix, or "cho_solve", which solves with the factor of the
        covariance where the regularization is its inverse: several digits more where it is close to singular.

    interferometer_route
        Which class inverts a dataset of visibilities that has a sparse operator: "fft" or "numba", which form the same
        system in the same way, or "matrix_free", which forms none; None for the first.

    The positive-only solver is exact and has no state between fits, so there is nothing to set about warm starts, a
    certificate or a choice of solver, as there is in PyAutoArray.

    Raises
    ------
    ValueError
        For an unknown method, a tolerance that is not positive and finite, a number of iterations that is not a whole
        number of at least 1, a flag that is not True or False, or a value on the diagonal that is negative or not
        finite.
    """

    def __init__(
        self,
        use_mixed_precision: bool = False,
        use_positive_only_solver: bool | None = None,
        use_edge_zeroed_pixels: bool | None = None,
        use_border_relocator: bool | None = None,
        no_regularization_add_to_curvature_diag_value: float | None = None,
        nnls_solver_tol: float | None = None,
        nnls_max_iter: int | None = None,
        log_det_method: str | None = None,
        regularization_term_method: str | None = None,
        interferometer_route: str | None = None,
    ) -> None:
        for name, value, methods in (
            ("log_det_method", log_det_method, LOG_DET_METHODS),
            ("regularization_term_method", regularization_term_method, REGULARIZATION_TERM_METHODS),
            ("interferometer_route", interferometer_route, INTERFEROMETER_ROUTES),
        ):
            if value is not None:
                check_choice(value, methods, f"Settings.{name}")
        for name, flag in (
            ("use_mixed_precision", use_mixed_precision),
            ("use_positive_only_solver", use_positive_only_solver),
            ("use_edge_zeroed_pixels", use_edge_zeroed_pixels),
            ("use_border_relocator", use_border_relocator),
        ):
            if flag is not None or name == "use_mixed_precision":
                check_flag(flag, f"Settings.{name}")
        if no_regularization_add_to_curvature_diag_value is not None:
            check_number(
                no_regularization_add_to_curvature_diag_value,
                "Settings.no_regularization_add_to_curvature_diag_value",
                "a finite number of at least 0",
                least=0.0,
            )
        if nnls_solver_tol is not None:
            check_number(nnls_solver_tol, "Settings.nnls_solver_tol", "a positive number", above=0.0)
        if nnls_max_iter is not None:
            check_number(nnls_max_iter, "Settings.nnls_max_iter", "at least 1", least=1)
            nnls_max_iter = whole_from(nnls_max_iter, "Settings.nnls_max_iter", 1)

        def default(value: T | None, fallback: T) -> T:
            return fallback if value is None else value

        self.use_mixed_precision = use_mixed_precision
        self.use_positive_only_solver = default(use_positive_only_solver, True)
        self.use_edge_zeroed_pixels = default(use_edge_zeroed_pixels, True)
        self.use_border_relocator = default(use_border_relocator, False)
        self.no_regularization_add_to_curvature_diag_value = default(
            no_regularization_add_to_curvature_diag_value, 1e-3
        )
        self.nnls_solver_tol = default(nnls_solver_tol, 1e-12)
        self.nnls_max_iter = nnls_max_iter
        self.log_det_method = default(log_det_method, "cholesky")
        self.regularization_term_method = default(regularization_term_method, "matmul")
        self.interferometer_route = interferometer_route

    def _repr_parts(self) -> list[str]:
        if not vars(self):
            return [line.INCOMPLETE]
        # What is the default, given or not.
        standard = vars(Settings())
        changed = {name: item for name, item in vars(self).copy().items() if item != standard.get(name)}
        return [f"{name}={line.value(item)}" for name, item in changed.items()]
