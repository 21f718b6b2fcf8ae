"""The settings of an inversion."""

from __future__ import annotations

from typing import Any

from autoarray import _configuration, exc
from autoarray._display import line
from autoarray._state import State
from autoarray._validation import check_choice, check_flag, check_instance, check_number, whole_from

LOG_DET_METHODS = ("cholesky", "slogdet")
REGULARIZATION_TERM_METHODS = ("matmul", "cho_solve")
INTERFEROMETER_ROUTES = ("numba", "fft", "matrix_free")
POSITIVE_ONLY_SOLVERS = ("pdip", "certified")
CERTIFIED_FALLBACKS = ("pdip", "none")
PRECONDITIONINGS = ("raw", "jacobi")


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

    An argument left as None takes the value of the user's configuration (`config/general.yaml` of a workspace of
    PyAutoLens, section `inversion`), and the default below where that is not in use. The value taken is what the object
    stores: a fit that is opened again years later is solved as it was, whatever the configuration is by then.

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
        Relative tolerance of the optimality conditions of the positive-only solver (default 1e-12). Not read from the
        configuration.
    nnls_max_iter
        Most iterations of the positive-only solver (default: three per parameter, at least 100). Not read from the
        configuration.
    nnls_warm_start_memo, nnls_warm_start_error_tolerance
        No effect: the positive-only solver starts each fit anew, and keeps nothing from one to the next.
    log_det_method
        "cholesky" (default) or "slogdet", which stays finite where a matrix is not positive definite, and takes the
        determinant of a kernel regularization from the factor of its covariance rather than from its inverse.
    regularization_term_method
        "matmul" (default), with the regularization matrix, or "cho_solve", which solves with the factor of the
        covariance where the regularization is its inverse: several digits more where it is close to singular.
    interferometer_numba_nnz_per_source_max, interferometer_route, \
        interferometer_direct_conv_symmetric_max_work_fraction
        Which of the routes to the curvature matrix of visibilities is taken (None, "numba", "fft" or "matrix_free"),
        and the limits by which it is chosen where none is named (defaults None, None and 0.7). No effect on images.
    positive_only_solver, certified_pass_budget, certified_fallback, certified_tau_rel
        No effect. There is one solver, it is exact, and it checks the optimality conditions of its answer itself: it
        serves who asks for the "pdip" of PyAutoArray, and who asks for the "certified" one. With its answer there is
        nothing to fall back on.
    nnls_preconditioning_no_mapper
        No effect: the solver scales every system ("jacobi"), with a mesh or without, which changes no answer.

    The arguments without an effect are those of a `settings.json` that PyAutoLens wrote, so that it is read here. They
    are checked and stored as they were given, and none is read from the configuration.

    Raises
    ------
    ValueError
        For an unknown method, a tolerance that is not positive and finite, a number of iterations that is not a whole
        number of at least 1, a flag that is not True or False, or a value on the diagonal that is negative or not
        finite. Where the configuration holds it, the message names its key.
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
        nnls_warm_start_memo: bool | None = None,
        nnls_warm_start_error_tolerance: float | None = None,
        log_det_method: str | None = None,
        regularization_term_method: str | None = None,
        interferometer_numba_nnz_per_source_max: float | None = None,
        interferometer_route: str | None = None,
        interferometer_direct_conv_symmetric_max_work_fraction: float | None = None,
        positive_only_solver: str | None = None,
        certified_pass_budget: int | None = None,
        certified_fallback: str | None = None,
        certified_tau_rel: float | None = None,
        nnls_preconditioning_no_mapper: str | None = None,
    ) -> None:
        check_flag(use_mixed_precision, "Settings.use_mixed_precision")
        self.use_mixed_precision = use_mixed_precision
        self.use_positive_only_solver = _flag("use_positive_only_solver", use_positive_only_solver, True)
        self.use_edge_zeroed_pixels = _flag("use_edge_zeroed_pixels", use_edge_zeroed_pixels, True)
        self.use_border_relocator = _flag("use_border_relocator", use_border_relocator, False)
        self.no_regularization_add_to_curvature_diag_value = _number(
            "no_regularization_add_to_curvature_diag_value", no_regularization_add_to_curvature_diag_value, 1e-3
        )
        if nnls_solver_tol is not None:
            check_number(nnls_solver_tol, "Settings.nnls_solver_tol", "a positive number", above=0.0)
        self.nnls_solver_tol = 1e-12 if nnls_solver_tol is None else nnls_solver_tol
        self.nnls_max_iter = _whole("nnls_max_iter", nnls_max_iter, 1)
        self.nnls_warm_start_memo = nnls_warm_start_memo
        if nnls_warm_start_memo is not None:
            check_flag(nnls_warm_start_memo, "Settings.nnls_warm_start_memo")
        self.nnls_warm_start_error_tolerance = nnls_warm_start_error_tolerance
        if nnls_warm_start_error_tolerance is not None:
            check_number(nnls_warm_start_error_tolerance, "Settings.nnls_warm_start_error_tolerance")
        self.log_det_method = _choice("log_det_method", log_det_method, LOG_DET_METHODS, "cholesky")
        self.regularization_term_method = _choice(
            "regularization_term_method", regularization_term_method, REGULARIZATION_TERM_METHODS, "matmul"
        )
        self.interferometer_numba_nnz_per_source_max = _number_or_none(
            "interferometer_numba_nnz_per_source_max", interferometer_numba_nnz_per_source_max
        )
        self.interferometer_route = _choice("interferometer_route", interferometer_route, INTERFEROMETER_ROUTES, None)
        self.interferometer_direct_conv_symmetric_max_work_fraction = _number(
            "interferometer_direct_conv_symmetric_max_work_fraction",
            interferometer_direct_conv_symmetric_max_work_fraction,
            0.7,
        )
        for name, given, choices in (
            ("positive_only_solver", positive_only_solver, POSITIVE_ONLY_SOLVERS),
            ("certified_fallback", certified_fallback, CERTIFIED_FALLBACKS),
            ("nnls_preconditioning_no_mapper", nnls_preconditioning_no_mapper, PRECONDITIONINGS),
        ):
            if given is not None:
                check_choice(given, choices, f"Settings.{name}")
        self.positive_only_solver = positive_only_solver
        self.certified_pass_budget = _whole("certified_pass_budget", certified_pass_budget, 0)
        self.certified_fallback = certified_fallback
        self.certified_tau_rel = certified_tau_rel
        if certified_tau_rel is not None:
            check_number(certified_tau_rel, "Settings.certified_tau_rel", "a number of at least 0", least=0.0)
        self.nnls_preconditioning_no_mapper = nnls_preconditioning_no_mapper

    def _repr_parts(self) -> list[str]:
        if not vars(self):
            return [line.INCOMPLETE]
        # What is the default, given or not.
        standard = vars(Settings())
        changed = {name: item for name, item in vars(self).copy().items() if item != standard.get(name)}
        return [f"{name}={line.value(item)}" for name, item in changed.items()]


def _taken(name: str, given: Any, default: Any) -> tuple[Any, str]:
    """The value of an argument, and what a message calls the place that it comes from."""
    if given is not None:
        return given, f"Settings.{name}"
    keys = ("general", "inversion", name)
    return _configuration.value(*keys, default=default), _configuration.place_of(keys)


def _flag(name: str, given: bool | None, default: bool) -> bool:
    taken, place = _taken(name, given, default)
    check_flag(taken, place)
    return taken


def _number_or_none(name: str, given: float | None, default: float | None = None) -> float | None:
    taken, place = _taken(name, given, default)
    if given is None and isinstance(taken, str):
        taken = _configuration.number("general", "inversion", name, default=0.0)  # YAML reads 1e-3 as a text
    if taken is not None:
        check_number(taken, place, "a finite number of at least 0", least=0.0)
    return taken


def _number(name: str, given: float | None, default: float) -> float:
    taken = _number_or_none(name, given, default)
    return default if taken is None else taken


def _choice(name: str, given: str | None, choices: tuple[str, ...], default: str | None) -> Any:
    taken, place = _taken(name, given, default)
    if taken is not None:
        check_choice(taken, choices, place)
    return taken


def _whole(name: str, given: int | None, least: int) -> int | None:
    return None if given is None else whole_from(given, f"Settings.{name}", least)
