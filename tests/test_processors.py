"""What `python -m tests.processors` runs, and what it leaves out."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
spec = importlib.util.spec_from_file_location("processors", ROOT / "tests" / "processors.py")
processors = importlib.util.module_from_spec(spec)
sys.modules["processors"] = processors
spec.loader.exec_module(processors)

X86 = ("X86_V3", "X86_V4", "AVX512_SPR")
CONFIGURATION = processors.Configuration("Haswell", "AVX2", 2)


def machine(crash=(), takes=None, rejects=""):
    """Stands for the processes of a machine on which some kernels crash and others are taken for another."""
    takes = takes or {}

    def try_out(variables):
        kernel = variables.get("OPENBLAS_CORETYPE", "SkylakeX")
        if kernel in crash:
            return processors.Attempt(failure="SIGSEGV in a small product")
        if rejects and rejects in variables.get("XLA_FLAGS", ""):
            return processors.Attempt(failure=f"Unknown flag in XLA_FLAGS: {rejects}")
        return processors.Attempt((takes.get(kernel, kernel),), X86)

    return try_out


def test_each_level_of_instructions_has_one_and_two_threads():
    settings = [(one.kernel, one.instructions, one.threads) for one in processors.CONFIGURATIONS]
    assert len(set(settings)) == len(settings)
    for instructions in processors.BEYOND:
        assert {threads for _, level, threads in settings if level == instructions} == {1, 2}


def test_few_have_each_level_of_instructions_once():
    few = processors.few_of(processors.CONFIGURATIONS)
    assert [one.instructions for one in few] == ["AVX-512", "AVX2", "SSE"]
    assert {one.threads for one in few} == {1, 2}
    assert [one.kernel for one in few] == ["SapphireRapids", "Zen", "Sandybridge"]


def test_the_numerical_tests_are_there():
    for path in processors.NUMERICAL:
        assert (ROOT / path).exists(), path
    command = processors.command_from(["-x"])
    assert command[:3] == [sys.executable, "-m", "pytest"]
    assert command[-len(processors.NUMERICAL) - 1 :] == [*processors.NUMERICAL, "-x"]


@pytest.mark.parametrize(
    ("instructions", "missing", "isa"),
    [
        ("AVX-512", None, "AVX512"),
        ("AVX2", "X86_V4 AVX512_SPR", "AVX2"),
        ("SSE", "X86_V3 X86_V4 AVX512_SPR", "SSE4_2"),
    ],
)
def test_variables_of_a_level_of_instructions(instructions, missing, isa):
    variables = processors.Configuration("Haswell", instructions, 2).environment(X86)
    assert variables.get("NPY_DISABLE_CPU_FEATURES") == missing
    assert variables["XLA_FLAGS"] == f"--xla_cpu_enable_fast_math=false --xla_cpu_max_isa={isa}"
    assert (variables["OPENBLAS_CORETYPE"], variables["OPENBLAS_NUM_THREADS"]) == ("Haswell", "2")


def test_numpy_is_not_asked_to_do_without_what_it_does_not_have():
    variables = processors.Configuration(None, "SSE", 1).environment(("NEON", "ASIMDHP"))
    assert "NPY_DISABLE_CPU_FEATURES" not in variables
    assert "OPENBLAS_CORETYPE" not in variables


def test_a_kernel_that_crashes_is_left_out_but_not_its_other_settings():
    chosen, left_out = processors.choose((CONFIGURATION,), machine(crash=("Haswell",)))
    assert left_out == ["kernel Haswell: SIGSEGV in a small product"]
    ((configuration, variables, kernels),) = chosen
    assert configuration == processors.Configuration(None, "AVX2", 2)
    assert kernels == ("SkylakeX",)
    assert variables["NPY_DISABLE_CPU_FEATURES"] == "X86_V4 AVX512_SPR"
    assert processors.line_from(chosen[0]) == (
        "OpenBLAS SkylakeX (asked for its own choice), threads 2; NumPy without X86_V4, AVX512_SPR; XLA up to AVX2"
    )


def test_configurations_that_come_to_the_same_run_once():
    zen = processors.Configuration("Zen", "AVX2", 2)
    chosen, left_out = processors.choose((CONFIGURATION, zen), machine(takes={"Zen": "Haswell"}))
    assert [choice.configuration for choice in chosen] == [CONFIGURATION]
    chosen, _ = processors.choose((CONFIGURATION, zen), machine())
    assert [choice.kernels for choice in chosen] == [("Haswell",), ("Zen",)]
    assert left_out == []


def test_a_configuration_that_does_not_run_is_left_out_with_its_reason():
    chosen, left_out = processors.choose((CONFIGURATION,), machine(rejects="max_isa"))
    assert chosen == []
    assert [reason.rpartition(": ")[2] for reason in left_out] == ["max_isa"] * 2


def test_an_attempt_tells_how_a_process_ended(monkeypatch):
    def command_that(code):
        monkeypatch.setattr(processors.sys, "executable", str(ROOT / "no such interpreter"))
        run = processors.subprocess.run
        monkeypatch.setattr(processors.subprocess, "run", lambda command, **options: run(["sh", "-c", code], **options))

    with monkeypatch.context():
        command_that("kill -SEGV $$")
        assert processors.attempt({}).failure == "SIGSEGV in a small product"
    monkeypatch.undo()
    command_that("echo first >&2; echo last >&2; exit 3")
    assert processors.attempt({}).failure == "last"
    monkeypatch.undo()
    command_that("""echo '{"kernels": ["'$OPENBLAS_CORETYPE'"], "extensions": ["X86_V3"]}'""")
    assert processors.attempt({"OPENBLAS_CORETYPE": "Zen"}) == processors.Attempt(("Zen",), ("X86_V3",))


@pytest.mark.parametrize(("codes", "expected"), [([0, 0], 0), ([0, 1], 1), ([], 1)])
def test_exit_code(monkeypatch, capsys, codes, expected):
    choices = [processors.Choice(CONFIGURATION, {}, ("Haswell",)) for _ in codes]
    monkeypatch.setattr(processors, "choose", lambda configurations: (choices, ["kernel Zen: reason"]))
    ends = iter(codes)
    monkeypatch.setattr(
        processors.subprocess,
        "run",
        lambda command, **options: processors.subprocess.CompletedProcess(command, next(ends), "a\n7 tests", ""),
    )
    assert processors.main([]) == expected
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "left out: kernel Zen: reason"
    assert sum(line.endswith(": 7 tests") for line in lines) == len(codes)
    assert lines[-1].startswith(f"{len(codes)} configurations, {sum(codes)} of them failed, 1 left out; ")
