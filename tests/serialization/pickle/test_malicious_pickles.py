"""Hostile pickles: each is refused before anything of it runs, by an error that names the global.

That nothing ran is shown by a canary: the file that the gadgets would write, the function that they
would call, and the modules that they would import.
"""

from __future__ import annotations

import base64
import pickle
import sys
import types

import numpy as np
import pytest
from pickles import NDARRAY, RECONSTRUCT, Call, Name, New, Op, array, array_state, assemble, dtype, opcodes, raw, text

from serialization import CorruptError, SerializationError, UnsafePickleError, UnsupportedValueError
from serialization._pickle.allowed import CALLS
from serialization._pickle.nodes import Foreign
from serialization._pickle.reader import read_pickle

PROTOCOLS = range(6)
FIRED = []


def fire(*arguments, **keywords):
    """What a gadget calls, if anything does."""
    FIRED.append((arguments, keywords))
    return fire


class Gadget:
    """A class whose every hook fires; it is found by its name, as one of an installed package would be."""

    def __new__(cls, *arguments, **keywords):
        fire(cls)
        return object.__new__(cls)

    def __init__(self, *arguments, **keywords):
        fire(self)

    def __setstate__(self, state):
        fire(state)

    def __setattr__(self, name, value):
        fire(name)

    def __getattr__(self, name):
        fire(name)
        raise AttributeError(name)

    def __hash__(self):
        fire()
        return 1

    def __eq__(self, other):
        fire(other)
        return True

    def __call__(self, *arguments):
        fire(arguments)

    def append(self, item):
        fire(item)

    def extend(self, items):
        fire(items)

    def __setitem__(self, key, item):
        fire(key, item)

    def __del__(self):
        fire()


COMMAND = "echo > canary"
PYTHON = "open('canary', 'w').close()"
FIRE = Name(__name__, "fire")
GADGET = Name(__name__, "Gadget")
GETATTR = Name("builtins", "getattr")


def call(module, name, *arguments):
    return Call(Name(module, name), arguments)


def late(function, arguments):
    """An array whose values are what a call makes."""
    return Call(RECONSTRUCT, (NDARRAY, (0,), b"b"), array_state((1,), "f8", Call(function, arguments)))


CODE = (0, 0, 0, 0, 1, 64, b"d\x00S\x00", (None,), (), (), "canary", "canary", "", 1, b"", b"", (), ())

# Each is (what the pickle holds, what the message must name).
GADGETS = {
    "os.system": (call("os", "system", COMMAND), "os.system"),
    "posix.system": (call("posix", "system", COMMAND), "posix.system"),
    "nt.system": (call("nt", "system", COMMAND), "nt.system"),
    "os.popen": (call("os", "popen", COMMAND), "os.popen"),
    "subprocess.Popen": (call("subprocess", "Popen", ["sh", "-c", COMMAND]), "subprocess.Popen"),
    "subprocess.check_output": (call("subprocess", "check_output", COMMAND), "subprocess.check_output"),
    "pty.spawn": (call("pty", "spawn", "sh"), "pty.spawn"),
    "eval": (call("builtins", "eval", PYTHON), "builtins.eval"),
    "exec": (call("builtins", "exec", PYTHON), "builtins.exec"),
    "old eval": (call("__builtin__", "eval", PYTHON), "__builtin__.eval"),
    "compile": (call("builtins", "compile", PYTHON, "canary", "exec"), "builtins.compile"),
    "open": (call("builtins", "open", "canary", "w"), "builtins.open"),
    "io.open": (call("io", "open", "canary", "w"), "io.open"),
    "__import__": (call("builtins", "__import__", "antigravity"), "builtins.__import__"),
    "importlib": (call("importlib", "import_module", "antigravity"), "importlib.import_module"),
    "runpy": (call("runpy", "run_path", "canary.py"), "runpy.run_path"),
    "timeit": (call("timeit", "timeit", PYTHON), "timeit.timeit"),
    "pickle in a pickle": (call("_pickle", "loads", assemble(call("os", "system", COMMAND))), "_pickle.loads"),
    "getattr": (call("builtins", "getattr", Name("os", "path"), "system"), "builtins.getattr"),
    "getattr chain": (Call(Call(GETATTR, (Call(GETATTR, (FIRE, "__globals__")), "get")), ("os",)), "builtins.getattr"),
    "dotted getattr": (call(__name__, "fire.__globals__.get", "os"), "fire.__globals__.get"),
    "dotted class": (call("builtins", "object.__subclasses__"), "builtins.object.__subclasses__"),
    "attrgetter": (Call(Call(Name("operator", "attrgetter"), ("system",)), (Name("os", "x"),)), "operator.attrgetter"),
    "methodcaller": (Call(Call(Name("operator", "methodcaller"), ("f",)), (FIRE,)), "operator.methodcaller"),
    "itemgetter": (call("operator", "itemgetter", 0), "operator.itemgetter"),
    "partial": (Call(Name("functools", "partial"), (FIRE,)), "functools.partial"),
    "partial by state": (New(Name("functools", "partial"), (FIRE, (), {}, {}), (FIRE,)), "functools.partial"),
    "reduce": (call("functools", "reduce", FIRE, [1, 2]), "functools.reduce"),
    "map": (call("builtins", "map", FIRE, [1]), "builtins.map"),
    "set of a map": (call("builtins", "set", call("builtins", "map", FIRE, [1])), "builtins.map"),
    "type": (call("builtins", "type", "T", (), {"__del__": FIRE}), "builtins.type"),
    "a function": (Call(FIRE, (1,)), f"{__name__}.fire"),
    "a class": (Call(GADGET, ()), f"{__name__}.Gadget"),
    "a class with arguments": (New(GADGET, None, (1,)), f"{__name__}.Gadget"),
    "a reference": ([{"a": Name("os", "system")}], "$[0]['a']: expected data, found a reference to the class, funct"),
    "a key": ({Name("os", "system"): 1}, "os.system"),
    "a function as a class": (New(Name("os", "system"), {"a": Call(FIRE, ())}), f"{__name__}.fire"),
    "a function in a state": (New(Name("a", "B"), {"a": FIRE}), "$.a: expected data, found a reference"),
    "a stand-in as a class": (New(Name("cloudpickle.cloudpickle", "subimport")), "cloudpickle.cloudpickle.subimport"),
    "ndarray as a class": (New(NDARRAY, None, ((2,),)), "numpy.ndarray"),
    "numpy.ndarray called": (Call(NDARRAY, ((2**40,),)), "numpy.ndarray"),
    "a result called": (Call(Call(Name("a", "b"), ()), ()), "a.b"),
    "reconstructor": (
        Call(Name("copyreg", "_reconstructor"), (GADGET, Name("builtins", "dict"), {})),
        f"{__name__}.Gadget, a subclass of builtins.dict",
    ),
    "reconstructor of a function": (
        Call(Name("copyreg", "_reconstructor"), (Name("os", "system"), Name("os", "system"), COMMAND)),
        "os.system",
    ),
    "newobj": (call("copyreg", "__newobj__", GADGET), "copyreg.__newobj__"),
    "newobj_ex": (call("copyreg", "__newobj_ex__", GADGET, (), {}), "copyreg.__newobj_ex__"),
    "extension": (call("copyreg", "add_extension", "os", "system", 1), "copyreg.add_extension"),
    "encode": (call("_codecs", "encode", "abc", "rot13"), "_codecs.encode"),
    "encode by another name": (call("codecs", "encode", "abc", "latin1"), "codecs.encode"),
    "decode": (call("_codecs", "decode", b"abc", "zlib"), "_codecs.decode"),
    "bz2 bomb": (call("bz2", "decompress", b"BZh"), "bz2.decompress"),
    "numpy.load": (call("numpy", "load", "canary.npy", None, True), "numpy.load"),
    "numpy.fromfile": (call("numpy", "fromfile", "/etc/passwd"), "numpy.fromfile"),
    "numpy.memmap": (New(Name("numpy", "memmap"), None, ("canary", "f8", "w+")), "numpy.memmap"),
    "numpy.memmap called": (call("numpy", "memmap", "canary", "f8", "w+"), "numpy.memmap"),
    "numpy.zeros": (call("numpy", "zeros", 2**40), "numpy.zeros"),
    "numpy.frompyfunc": (call("numpy", "frompyfunc", FIRE, 1, 1), "numpy.frompyfunc"),
    "numpy.vectorize": (New(Name("numpy", "vectorize"), {"pyfunc": FIRE}), "$.pyfunc"),
    "numpy.testing": (call("numpy.testing._private.utils", "runstring", PYTHON, {}), "utils.runstring"),
    "f2py": (call("numpy.f2py.crackfortran", "getlincoef", PYTHON, {}), "crackfortran.getlincoef"),
    "values of a call": (late(FIRE, ()), f"{__name__}.fire"),
    "objects": (array((1,), "O8", [Call(FIRE, ())]), "Python objects (dtype object)"),
    "values of objects": (array((1,), "f8", [Call(FIRE, ())]), f"{__name__}.fire"),
    "another subimport": (call("cloudpickle.cloudpickle", "subimport", "os"), "'os'"),
    "another _import_module": (call("dill._dill", "_import_module", "os.system"), "'os.system'"),
    "an unsafe _import_module": (call("dill._dill", "_import_module", "antigravity", True), "'antigravity'"),
    "subimport of jax": (call("cloudpickle.cloudpickle", "subimport", "jax"), "'jax'"),
    "_make_function": (
        call("cloudpickle.cloudpickle", "_make_function", Call(Name("types", "CodeType"), CODE), {}, "f", None, None),
        "types.CodeType",
    ),
    "_builtin_type": (call("cloudpickle.cloudpickle", "_builtin_type", "CodeType"), "cloudpickle._builtin_type"),
    "_make_skeleton_class": (
        call("cloudpickle.cloudpickle", "_make_skeleton_class", Name("builtins", "type"), "C", (), {}, "id", None),
        "cloudpickle.cloudpickle._make_skeleton_class",
    ),
    "_make_cell": (call("cloudpickle.cloudpickle", "_make_cell", 1), "cloudpickle.cloudpickle._make_cell"),
    "_function_setstate": (call("cloudpickle.cloudpickle", "_function_setstate", FIRE, ({}, {})), "_function_setstate"),
    "dynamic_subimport": (
        call("cloudpickle.cloudpickle", "dynamic_subimport", "m", {"f": 1}),
        "cloudpickle.cloudpickle.dynamic_subimport",
    ),
    "_create_code": (call("dill._dill", "_create_code", *CODE), "dill._dill._create_code"),
    "_create_function": (call("dill._dill", "_create_function", 1, {}, "f"), "dill._dill._create_function"),
    "_load_type": (call("dill._dill", "_load_type", "CodeType"), "dill._dill._load_type"),
    "_get_attr": (call("dill._dill", "_get_attr", Name("os", "x"), "system"), "dill._dill._get_attr"),
    "_create_type": (
        call("dill._dill", "_create_type", Name("builtins", "type"), "T", (), {}),
        "dill._dill._create_ty",
    ),
    "_eval_repr": (call("dill._dill", "_eval_repr", PYTHON), "the text of a range"),
    "_eval_repr behind a range": (call("dill._dill", "_eval_repr", "range(0, 2) or fire()"), "the text of a range"),
    "_eval_repr of no text": (call("dill._dill", "_eval_repr", FIRE), "the text of a range"),
    "range of a gadget": (call("builtins", "range", FIRE), f"{__name__}.fire"),
    "range without bounds": (call("builtins", "range"), "the bounds of a range"),
    "a class as the dtype of no plan": (New(Name("a", "Plan"), {"dtype": FIRE}), "$.dtype: expected data"),
    "_create_array of another": (
        call("dill._dill", "_create_array", Name("os", "system"), (COMMAND,), array_state(), None),
        "os.system",
    ),
    "_reconstruct_array of another": (
        call("jax._src.array", "_reconstruct_array", Name("os", "system"), (COMMAND,), array_state(), {}),
        "os.system",
    ),
    "dtype of a gadget": (Call(Name("numpy", "dtype"), (GADGET,)), f"{__name__}.Gadget"),
    "joblib": (New(Name("joblib.numpy_pickle", "NumpyArrayWrapper"), None, ("x",)), "joblib.numpy_pickle.NumpyArrayW"),
    "torch": (call("torch.storage", "_load_from_bytes", b"x"), "torch.storage._load_from_bytes"),
    "pathlib of a gadget": (call("pathlib", "PosixPath", FIRE), f"{__name__}.fire"),
    "dunder state": (New(Name("a", "B"), {"__class__": 1}), "a.B, found __class__"),
    "dunder slots": (New(Name("a", "B"), (None, {"__reduce__": 1})), "a.B, found __reduce__"),
}


@pytest.fixture(autouse=True)
def canary(tmp_path, monkeypatch):
    """Fails the test if anything of a payload ran."""
    monkeypatch.chdir(tmp_path)
    FIRED.clear()
    before = set(sys.modules)
    yield
    assert not FIRED
    assert not (tmp_path / "canary").exists()
    assert not {"antigravity", "pty", "timeit", "runpy", "numpy.f2py", "cloudpickle", "dill"} & (
        set(sys.modules) - before
    )


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("name", GADGETS)
def test_a_gadget_is_refused_and_named(name, protocol):
    value, named = GADGETS[name]
    deep = {"a": [1, ("b", value)]} if not named.startswith("$") else value
    with pytest.raises(SerializationError) as error:
        read_pickle(assemble(deep, protocol))
    assert named in str(error.value)
    assert error.value.path.startswith("$" if named.startswith("$") else "byte ")


# Those that are wrong data before they are a call of anything.
NOT_CALLED = {
    "a key": UnsupportedValueError,
    "reconstructor": UnsupportedValueError,
    "reconstructor of a function": UnsupportedValueError,
    "objects": UnsupportedValueError,
    "_create_array of another": CorruptError,
    "_reconstruct_array of another": CorruptError,
    "dtype of a gadget": UnsupportedValueError,
    "pathlib of a gadget": CorruptError,
    "range of a gadget": CorruptError,
    "range without bounds": CorruptError,
}


@pytest.mark.parametrize("name", GADGETS)
def test_the_error_is_the_one_for_unsafe_pickles(name):
    with pytest.raises(SerializationError) as error:
        read_pickle(assemble(GADGETS[name][0]))
    assert type(error.value) is NOT_CALLED.get(name, UnsafePickleError)
    assert ("nothing of the file was run" in str(error.value)) == (name not in NOT_CALLED)


def test_the_canary_sees_what_runs():
    """Python's own unpickler does what these payloads say."""
    pickle.loads(assemble(Call(FIRE, (1,))))
    assert FIRED == [((1,), {})]
    pickle.loads(assemble(New(GADGET, {"a": 1})))
    assert len(FIRED) > 2
    FIRED.clear()


def test_a_hostile_class_stays_a_name():
    found = read_pickle(assemble([New(GADGET, {"a": 1}), {New(GADGET, ({"b": 2}, {"c": 3})): 1}]))
    assert [type(found[0]), found[0].state] == [Foreign, {"a": 1}]
    key = next(iter(found[1]))
    assert (key.name, key.state) == ("Gadget", {"b": 2, "c": 3})


def test_a_state_never_becomes_attributes():
    names = ["state", "module", "name", "target", "_Foreign__x", "a b", ""]
    found = read_pickle(assemble(New(Name("a", "B"), (None, dict.fromkeys(names, 1)))))
    assert (found.module, found.name) == ("a", "B")
    assert found.state == dict.fromkeys(names, 1)


def test_what_is_done_to_objects_that_are_no_containers():
    for end in (b"a", b"(Ke", b"\x8c\x01aKs", b"(\x90", b"(K\x01K\x02u"):
        data = assemble(New(GADGET, {"a": 1}))[:-1] + end.replace(b"K", b"N") + b"."
        with pytest.raises(SerializationError):
            read_pickle(data)


def test_the_build_of_values_that_have_no_state():
    for value in (1, "a", [], {}, (), None, NDARRAY, np.float64(1), np.ones(3), array(), dtype("f8"), FIRE):
        with pytest.raises((CorruptError, UnsafePickleError, UnsupportedValueError)):
            read_pickle(assemble(raw(Op(b"N"), Op(b"0"), value, {"a": 1}, Op(b"b"))))


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_memo_swaps_nothing(protocol):
    """A name that is put where an earlier opcode put another one is still only a name."""
    system = opcodes(
        b"cnumpy\ndtype\n", b"q\x00", b"0", b"cos\nsystem\n", b"q\x00", b"0", b"h\x00", text("x"), b"\x85R"
    )
    with pytest.raises(UnsafePickleError, match=r"os\.system"):
        read_pickle(b"\x80" + bytes([protocol]) + system[2:])
    twice = assemble([shared := array(), shared], protocol)
    found = read_pickle(twice)
    assert found[0] is found[1]


def test_an_array_that_is_used_before_it_has_values():
    unfinished = Call(RECONSTRUCT, (NDARRAY, (0,), b"b"))
    with pytest.raises(CorruptError, match=r"\$\[0\]: expected the values of each array"):
        read_pickle(assemble([unfinished, 1]))
    with pytest.raises(SerializationError):
        read_pickle(assemble({unfinished: 1}))
    with pytest.raises(SerializationError):
        read_pickle(assemble(Call(RECONSTRUCT, (NDARRAY, (0,), b"b"), array_state((1,), "f8", unfinished))))


@pytest.mark.parametrize(
    "name", ["os system", "os\x00.system", "os.", ".os", "", "1", "a-b", "a/b", "<locals>", "f.<locals>.g"]
)
def test_names_that_are_none(name):
    for data in (opcodes(text(name), text("x"), b"\x93"), opcodes(text("os"), text(name), b"\x93")):
        with pytest.raises(CorruptError, match="expected the name of a global"):
            read_pickle(data)


def test_a_name_that_is_too_long():
    with pytest.raises(CorruptError, match="expected the module and name of a global"):
        read_pickle(f"Nc{'a' * 400}\n{'b' * 400}\n.".encode())


def test_names_of_other_types():
    for data in (opcodes(b"NN\x93"), opcodes(b"K\x01", text("a"), b"\x93"), opcodes(b"]", text("a"), b"\x93")):
        with pytest.raises(CorruptError):
            read_pickle(data)


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        (b"(S'echo'\nios\nsystem\n.", UnsupportedValueError, "found the opcode STRING of Python 2"),
        (b"(Vecho\nios\nsystem\n.", UnsafePickleError, r"found os\.system of \('echo'\); nothing of the file was run"),
        (b"(cos\nsystem\nVecho\no.", UnsafePickleError, r"found os\.system of \('echo'\); nothing of the file was run"),
    ],
)
def test_the_instances_of_protocol_0(data, kind, message):
    with pytest.raises(kind, match=message):
        read_pickle(data)


@pytest.mark.parametrize("data", [b"\x82\x01", b"\x83\x01\x00", b"\x84\x01\x00\x00\x00"])
def test_extension_codes(data):
    with pytest.raises(UnsafePickleError, match="found extension code 1 of copyreg"):
        read_pickle(opcodes(data))


def test_no_stand_in_is_a_function_of_another_package():
    for function in CALLS.values():
        assert isinstance(function, types.FunctionType)
        assert function.__module__.startswith("serialization.")


def test_a_base64_payload_from_a_public_exploit():
    """The bytes that every tutorial shows, kept as they are: `os.system('echo > canary')` of protocol 0."""
    data = base64.b64decode("Y3Bvc2l4CnN5c3RlbQpwMAooVmVjaG8gPiBjYW5hcnkKcDEKdHAyClJwMwou")
    with pytest.raises(UnsafePickleError) as error:
        read_pickle(data)
    assert str(error.value) == (
        "byte 40: expected a function that this reader knows, found posix.system, which the file calls with "
        "('echo > canary'); nothing of the file was run; if you trust the file, load it with the packages that wrote "
        "it and write the object again with serialization.save"
    )
