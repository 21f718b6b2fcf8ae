"""Compiled kernels are an extra: what is used without numba, and when numba can't be used."""

import os
import subprocess
import sys

import pytest

from autoarray._numerics import compiled

ASK = "from autoarray._numerics import compiled; print(compiled.is_available())"


def answer_of(code, **variables):
    """What a fresh interpreter prints, which may see another numba or none."""
    environment = {name: value for name, value in os.environ.items() if name != compiled.VARIABLE} | variables
    return subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True)


def test_numba_is_used_where_it_is_installed():
    pytest.importorskip("numba")
    assert answer_of(ASK).stdout == "True\n"


def test_the_variable_switches_the_kernels_off():
    assert answer_of(ASK, **{compiled.VARIABLE: "0"}).stdout == "False\n"


def test_without_numba_there_are_no_kernels():
    assert answer_of("import sys; sys.modules['numba'] = None; " + ASK).stdout == "False\n"


def test_a_numba_that_does_not_fit_gives_a_warning(tmp_path):
    (tmp_path / "numba.py").write_text('raise ImportError("Numba needs NumPy 1.2 or less")\n')
    answer = answer_of(f"import sys; sys.path.insert(0, {str(tmp_path)!r}); " + ASK)
    assert answer.stdout == "False\n"
    assert "without its compiled kernels: Numba needs NumPy 1.2 or less" in answer.stderr


def test_the_import_of_autoarray_does_not_import_numba():
    assert answer_of("import sys, autoarray; print('numba' in sys.modules)").stdout == "False\n"


def test_a_folder_that_nothing_can_be_written_to_keeps_no_code(monkeypatch):
    numba = pytest.importorskip("numba")
    jit, kept = numba.jit, []

    def refuse(*function, **options):
        if options.get("cache"):
            kept.append(options)
            raise RuntimeError("cannot cache function: no locator available")
        return jit(*function, **options)

    monkeypatch.setattr(numba, "jit", refuse)
    assert compiled.compile_kernel(lambda x: x + 1)(2) == 3
    assert kept
