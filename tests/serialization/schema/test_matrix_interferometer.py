"""Every mesh by every route to visibilities, to another process and to bytes and back, on both backends."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import matrix
import matrix_interferometer as cells
import pytest
from crossing import assert_it_crosses, assert_nothing_foreign

import autoarray as aa

FITTED = [(mesh, route) for mesh in matrix.MESHES for route in cells.ROUTES]


@pytest.fixture(scope="module")
def process():
    """A spawned process, which knows nothing but what it is sent."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        yield pool


@pytest.mark.parametrize(("mesh", "route"), FITTED)
def test_a_fit_crosses_to_another_process_and_back(mesh, route, backend, xp, process):
    if (route, backend) == ("matrix_free", "jax"):
        with pytest.raises(aa.exc.InversionException, match="expected numpy, found jax"):
            cells.new_fit(mesh, route, backend)
        return
    fit = cells.new_fit(mesh, route, backend)
    cells.evaluate(fit)
    assert {"fit.log_evidence", "fit.log_likelihood", "inversion.reconstruction"} <= matrix.results_of(fit).keys()
    assert_it_crosses(fit, process, xp, ("log_likelihood", "log_evidence"))
    assert_nothing_foreign(fit, backend)
