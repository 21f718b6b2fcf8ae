"""Compiled kernels are an extra: what is used without numba, and when numba can't be used."""

import os
import subprocess
import sys

import pytest

from autoarray._numerics import compiled


@pytest.fixture
def forgotten():
    """Nothing known of numba, before and after."""
    compiled.is_available.cache_clear()
    yield
    compiled.is_available.cache_clear()


def test_the_variable_switches_the_kernels_off(forgotten, monkeypatch):
    monkeypatch.setenv(compiled.VARIABLE, "0")
    assert not compiled.is_available()


def test_without_numba_there_are_no_kernels(forgotten, monkeypatch):
    monkeypatch.delenv(compiled.VARIABLE, raising=False)
    monkeypatch.setitem(sys.modules, "numba", None)
    assert not compiled.is_available()


def test_a_numba_that_does_not_fit_gives_a_warning(forgotten, monkeypatch, tmp_path):
    monkeypatch.delenv(compiled.VARIABLE, raising=False)
    monkeypatch.delitem(sys.modules, "numba", raising=False)
    (tmp_path / "numba.py").write_text('raise ImportError("Numba needs NumPy 1.2 or less")\n')
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.warns(RuntimeWarning, match=r"without its compiled kernels: Numba needs NumPy 1\.2 or less"):
        assert not compiled.is_available()
    monkeypatch.delitem(sys.modules, "numba", raising=False)


def test_the_import_of_autoarray_does_not_import_numba():
    code = "import sys, autoarray; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=os.environ, check=False).returncode == 0


def test_a_folder_that_nothing_can_be_written_to_keeps_no_code(monkeypatch):
    numba = pytest.importorskip("numba")
    njit, options = numba.njit, []

    def refuse(**given):
        options.append(given)
        if given.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return njit(**given)

    monkeypatch.setattr(numba, "njit", refuse)
    assert compiled.compile_kernel(lambda x: x + 1)(2) == 3
    assert [given.get("cache", False) for given in options] == [True, False]
