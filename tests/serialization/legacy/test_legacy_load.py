"""`load_pickle`: sources, backends, sharing, caches, verification, and classes that are not known."""

from __future__ import annotations

import io
import pickle
import subprocess
import sys

import archives
import nodes
import numpy as np
import pytest
from graphs import Computes, Part

import autoarray as aa
import serialization
from autoarray import exc
from serialization import LoadReport, Migration
from serialization._pickle.nodes import Foreign, JaxArray, ModuleReference
from serialization._pickle.reader import read_pickle
from serialization._schema import registry
from serialization._schema.schema import by_class

OPERATORS = "autoarray.operators."


def real(name):
    """A real payload by its folder and file."""
    release, backend, file = name.split("/")
    return next(one for one in archives.payloads(release) if (one.backend, one.file) == (backend, f"{file}.xz"))


COLD = "2026.10.26.1/numpy/geometry_bilinear_adapt_density.pickle"
WARM = "2026.10.26.1/numpy/geometry_knn.warm.pickle"


@pytest.fixture(autouse=True)
def restored_registry():
    """What a test registers is forgotten after it."""
    tables = (registry._by_name, registry._by_target, registry._by_former, by_class)
    before = [dict(table) for table in tables]
    yield
    for table, entries in zip(tables, before, strict=True):
        table.clear()
        table.update(entries)


# ------------------------------------------------------------------ sources


def test_sources(tmp_path):
    data = pickle.dumps([aa.mesh.RectangularUniform((4, 5)), np.arange(3)])
    path = tmp_path / "list.pickle"
    path.write_bytes(data)
    for source in (data, bytearray(data), memoryview(data), path, str(path), io.BytesIO(data)):
        mesh, values = serialization.load_pickle(source)
        assert vars(mesh) == {"shape": (4, 5), "bandwidth": 1.0, "n_knots": 64}
        np.testing.assert_array_equal(values, [0, 1, 2])
        values[0] = 1  # writeable
    with open(path, "rb") as file:
        assert len(serialization.load_pickle(file)) == 2


def test_sources_that_are_none(tmp_path):
    payload = serialization.dumps([1])
    with pytest.raises(serialization.NotAPayloadError, match=r"\.aas payload; read it with serialization\.load \(a fi"):
        serialization.load_pickle(payload)
    with pytest.raises(serialization.UnsupportedValueError, match="opened in binary mode, found one of text"):
        serialization.load_pickle(io.StringIO("a"))
    with pytest.raises(serialization.UnsupportedValueError, match="expected a path, bytes or a binary file, found int"):
        serialization.load_pickle(3)
    with pytest.raises(serialization.UnsupportedValueError, match="backend: expected None, 'numpy' or 'jax', found 'c"):
        serialization.load_pickle(payload, backend="cupy")
    with pytest.raises(OSError):
        serialization.load_pickle(tmp_path / "missing")


# ------------------------------------------------------------------ this project's own pickles


@pytest.mark.parametrize("protocol", [2, 5])
def test_own_pickles_are_read_with_their_results(protocol):
    part = Part(Computes(np.arange(3.0)), "x")
    assert part.value.total == 3.0
    part.value._derived.results["total"] = 3.5
    found = serialization.load_pickle(pickle.dumps([part, part.value], protocol=protocol))
    assert found[0].value is found[1]
    assert found[1].total == 3.5
    assert found[0].other == "x"
    with pytest.raises(serialization.VerificationError) as error:
        serialization.load_pickle(pickle.dumps([part]), verify=True)
    assert error.value.path == "$[0].value"
    assert "total: expected what the state gives, to 1e-08, found a stored value that differs by" in str(error.value)


def test_own_pickles_on_jax():
    pytest.importorskip("jax")
    import jax.numpy as jnp

    data = pickle.dumps(Part(Computes(jnp.arange(3.0), xp=jnp)))
    assert serialization.load_pickle(data).value.use_jax is True
    on_numpy = serialization.load_pickle(data, backend="numpy").value
    assert on_numpy.use_jax is False
    assert type(on_numpy.values) is np.ndarray
    back = serialization.load_pickle(pickle.dumps(Part(on_numpy)), backend="jax").value
    assert back._xp is jnp
    assert isinstance(back.values, type(jnp.zeros(1)))


# ------------------------------------------------------------------ real payloads


@pytest.mark.parametrize("name", ["2026.5.21.1/numpy/imaging.pickle", COLD])
def test_plain_pickle_names_the_loader(name):
    """Another library's pickle resolves to our classes by name; what it lacks is never guessed."""
    payload = real(name)
    found = pickle.loads(payload.data())
    structure = found.data if "imaging" in name else found.mesh_grid
    assert type(structure).__module__.startswith("autoarray.structures")
    with pytest.raises(
        exc.StateException, match=r"has no '_use_jax' .* read that file with serialization\.load_pickle"
    ):
        structure + 1.0
    read = serialization.load_pickle(payload.data(), written_by=payload.release)
    assert type(read) is type(found)
    assert ((read.data if "imaging" in name else read.mesh_grid) + 1.0).use_jax is False


def test_caches_are_left_out_and_computed_again():
    payload, report = real(WARM), LoadReport()
    found = serialization.load_pickle(payload.data(), written_by=payload.release, report=report)
    assert set(report.left_out["autoarray.inversion.mesh.mesh_geometry.delaunay.MeshGeometryDelaunay"]) >= {
        "mesh_grid_xy",
        "neighbors",
    }
    assert "_derived" not in vars(found)
    assert report.releases == ("2026.10.26.1", "2026.10.26.1")
    assert report.backend == "numpy"
    assert report.schemas["autoarray.MeshGeometryDelaunay"] == (6, 6)


def test_numpy_payloads_need_nothing_but_this():
    payload = real(WARM)
    code = (
        "import sys, serialization\n"
        "found = serialization.load_pickle(sys.stdin.buffer, written_by='2026.10.26.1')\n"
        "found.neighbors.sizes\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules} & {'jax', 'dill', 'cloudpickle', 'matplotlib'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], input=payload.data(), capture_output=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == b""


def test_verify_compares_what_was_stored():
    payload = next(one for one in archives.payloads("2026.10.26.1") if one.is_warm and one.name.startswith("chain_knn"))
    report = LoadReport()
    found = serialization.load_pickle(payload.data(), backend="numpy", verify=True, report=report)
    names = {each.name for each in report.compared}
    assert names >= {"reconstruction", "regularization_term", "log_det_curvature_reg_matrix_term", "mapping_matrix"}
    assert all(each.delta <= each.limit for each in report.compared)
    assert found["inversion"].linear_obj_list[0] is found["mapper"]


@pytest.mark.parametrize(
    ("name", "kind"), [("reconstruction", "inversion"), ("regularization_matrix", "inversion"), ("mapping_matrix", "m")]
)
def test_verify_finds_a_difference(name, kind, monkeypatch):
    payload = next(one for one in archives.payloads("2026.10.26.1") if one.is_warm and one.name.startswith("chain_knn"))
    root = read_pickle(payload.data())
    holder = root["inversion"] if kind == "inversion" else root["mapper"]
    values = holder.state[name]
    values = values.values if type(values) is JaxArray else values
    holder.state[name] = values * (1.0 + 1e-5)
    with pytest.raises(
        serialization.VerificationError, match=r"^\$\['(inversion|mapper)'\]: \w+: expected what the st"
    ):
        nodes.load(monkeypatch, root, backend="numpy", verify=True)
    stored = nodes.load(monkeypatch, root, backend="numpy")  # otherwise nothing stored is used
    assert np.abs(stored["inversion"].reconstruction).max() > 0.0


# ------------------------------------------------------------------ graphs made by hand


def test_sharing_and_cycles(monkeypatch):
    mesh = nodes.mesh()
    loop = Foreign(f"{Part.__module__}", "Part", {"value": mesh, "other": None})
    loop.state["other"] = [loop, (loop, mesh), {"key": mesh}, {1, 2}, frozenset({3})]
    found = nodes.load(monkeypatch, loop)
    assert found.other[0] is found
    assert found.other[1] == (found, found.value)
    assert found.other[2]["key"] is found.value
    assert found.other[3:] == [{1, 2}, frozenset({3})]


def test_deep_tuples_are_refused(monkeypatch):
    chain, value = [], ()
    for _ in range(50_000):
        value = (value,)
        chain.append(value)
    with pytest.raises(serialization.LimitError, match="tuples that are not nested too deeply"):
        nodes.load(monkeypatch, chain[::-1])


def test_jax_arrays_in_numpy_graphs(monkeypatch):
    shared = JaxArray(np.arange(3.0))
    found = nodes.load(monkeypatch, [nodes.irregular([(1.0, 2.0)]), shared, {"again": shared}])
    assert found[0].use_jax is False
    assert type(found[1]) is np.ndarray
    assert found[2]["again"] is found[1]


@pytest.mark.parametrize("root_on_jax", [True, False])
def test_mixed_flags_become_those_of_the_root(root_on_jax, monkeypatch):
    jax = pytest.importorskip("jax")
    root = nodes.newer_interpolator(use_jax=root_on_jax)
    root.state["mesh_grid"] = nodes.irregular(root.state["mesh_grid"].state["_array"], use_jax=not root_on_jax)
    found = nodes.load(monkeypatch, root, written_by="2026.8.29.1")
    for each in (found, found.mesh_grid, found.data_grid, found.data_grid.over_sampled, found.mesh_geometry):
        assert each.use_jax is root_on_jax
    assert isinstance(found.mesh_grid.array, jax.Array if root_on_jax else np.ndarray)
    assert found.data_grid.mask.use_jax is False


def test_single_precision(monkeypatch):
    jax = pytest.importorskip("jax")
    values = np.array([(1.0, 2.0)], dtype=np.float32)
    root = nodes.irregular(values, use_jax=True)
    assert nodes.load(monkeypatch, root, backend="numpy").array.dtype == np.float32
    assert nodes.load(monkeypatch, root).array.dtype == np.float32
    with jax.enable_x64(False):
        assert nodes.load(monkeypatch, nodes.irregular(values, use_jax=True)).array.dtype == np.float32
        with pytest.raises(serialization.PrecisionLossError) as error:
            nodes.load(monkeypatch, [nodes.irregular(values.astype(float))], backend="jax")
    assert error.value.path == "$[0]"


def test_neighbors_are_counted(monkeypatch):
    root = Foreign("autoarray.inversion.linear_obj.neighbors", "Neighbors", {"array": np.array([[1, 2], [0, -1]])})
    found = nodes.load(monkeypatch, root)
    assert type(found).__name__ == "Neighbors"
    np.testing.assert_array_equal(found.sizes, [2, 1])


def test_settings_keep_what_was_set(monkeypatch):
    root = nodes.settings("nnls_solver_tol", "_log_det_method", "_positive_only_solver")
    root.state |= {"_use_positive_only_solver": False, "nnls_solver_tol": 1e-7, "_log_det_method": "slogdet"}
    found = nodes.load(monkeypatch, root)
    expected = aa.Settings(use_positive_only_solver=False, nnls_solver_tol=1e-7, log_det_method="slogdet")
    assert vars(found) == vars(expected)


def test_a_convolver_and_its_state(monkeypatch):
    kernel = Foreign(
        "autoarray.structures.arrays.uniform_2d",
        "Array2D",
        {"_array": np.ones(9), "_is_transformed": False, "use_jax": False, "mask": nodes.mask()},
    )
    state = {
        "kernel": kernel,
        "mask": nodes.mask(),
        "blurring_mask": None,
        "fft_kernel": np.ones(3),
        "fft_shape": (6, 6),
    }
    root = Foreign(f"{OPERATORS}convolver", "Convolver", {"kernel": kernel, "_use_fft": None})
    root.state["_state"] = Foreign(f"{OPERATORS}convolver", "ConvolverState", state | {"sub_slim_to_fine_slim": None})
    found = nodes.load(monkeypatch, root)
    assert found.convolve_over_sample_size == found._state.convolve_over_sample_size == 1
    assert found._state.kernel is found.kernel
    assert "fft_kernel" not in vars(found._state)
    root.state["convolve_over_sample_size"] = 3
    del root.state["_state"].state["convolve_over_sample_size"]
    assert nodes.load(monkeypatch, root)._state.convolve_over_sample_size == 3


def test_the_tables_of_an_interpolation(monkeypatch):
    names = ("points", "simplices", "mappings", "split_points", "splitted_mappings")
    state = dict.fromkeys(names, np.zeros((2, 2))) | {"xp": ModuleReference("numpy"), "sizes": np.ones(2)}
    root = Foreign(f"{nodes.MESH}interpolator.delaunay", "DelaunayInterface", state)
    found = nodes.load(monkeypatch, root)
    assert found.use_jax is False
    assert found.dual_areas is None


@pytest.mark.parametrize("jitter", [None, 1e-6])
def test_kernels_without_jitter(jitter, monkeypatch):
    state = {"coefficient": 1.0, "scale": 0.5} | ({} if jitter is None else {"jitter": jitter})
    root = Foreign("autoarray.inversion.regularization.gaussian_kernel", "GaussianKernel", state)
    assert vars(nodes.load(monkeypatch, root)) == vars(aa.reg.GaussianKernel(1.0, 0.5, jitter=jitter or 1e-8))


# ------------------------------------------------------------------ classes of others


def test_a_class_that_is_not_registered(monkeypatch):
    tracer = Foreign(
        "autolens.lens.tracer", "Tracer", {"galaxies": [Foreign("autogalaxy.galaxy", "Galaxy", {"id": 1})]}
    )
    with pytest.raises(serialization.UnknownTypeError) as error:
        nodes.load(monkeypatch, {"fit": tracer})
    assert error.value.path == "$['fit']"
    assert 'serialization.register(YourClass, fields=[...], pickled_as=["autolens.lens.tracer:Tracer"])' in str(
        error.value
    )

    @serialization.register(fields=["galaxies"], pickled_as=["autolens.lens.tracer:Tracer"], name="tests.Tracer")
    class Tracer:
        pass

    with pytest.raises(
        serialization.UnknownTypeError, match=r"^\$\['fit'\]\.galaxies\[0\]: expected a registered class"
    ):
        nodes.load(monkeypatch, {"fit": tracer})


def test_a_users_type_with_versions(monkeypatch):
    @serialization.register(
        name="tests.Lens",
        version=3,
        fields=["radius", "name"],
        optional=["note"],
        migrations={
            1: Migration(("size",), lambda state: {"diameter": state["size"]}),
            2: Migration(("diameter",), lambda state: {"radius": state["diameter"] / 2, "name": "?"}),
        },
        pickled_as=["survey:Lens", "survey.old:Model"],
        left_out=["cache"],
    )
    class Lens:
        pass

    def lens(target="survey:Lens", **state):
        return nodes.load(monkeypatch, Foreign(*target.split(":"), state))

    assert vars(lens(size=4.0, cache=[1])) == {"radius": 2.0, "name": "?"}
    assert vars(lens("survey.old:Model", diameter=4.0)) == {"radius": 2.0, "name": "?"}
    own = f"{Lens.__module__}:{Lens.__qualname__}"
    assert registry.schema_pickled_as(own) is registry.schema_of(Lens)
    found = nodes.load(
        monkeypatch, Foreign(Lens.__module__, Lens.__qualname__, {"radius": 1.0, "name": "n", "note": 2})
    )
    assert type(found) is Lens
    assert vars(found) == {"radius": 1.0, "name": "n", "note": 2}
    with pytest.raises(
        serialization.SchemaError, match=r"version of tests\.Lens \(1: size; 2: diameter; 3: radius, nam"
    ):
        lens(other=1)
    with pytest.raises(serialization.RegistrationError, match="survey:Lens: expected a name that is free, found it ta"):
        serialization.register(PlainLens, name="tests.Other", fields=[], pickled_as=["survey:Lens"])


class PlainLens:
    pass


def test_versions_that_keys_do_not_tell_apart(monkeypatch):
    serialization.register(
        PlainLens,
        name="tests.Same",
        version=2,
        fields=["radius"],
        migrations={1: Migration(("radius",), lambda state: state)},
    )
    root = Foreign(PlainLens.__module__, "PlainLens", {"radius": 1.0})
    assert nodes.load(monkeypatch, root).radius == 1.0  # the present state is the present version
    registry._by_former["survey:Old"] = registry.schema_of(PlainLens)
    with pytest.raises(serialization.SchemaError, match="found radius, which fits versions 1, 2"):
        nodes.load(monkeypatch, Foreign("survey", "Old", {"radius": 1.0}))


def test_a_path_is_no_value(monkeypatch):
    with pytest.raises(serialization.UnsupportedValueError, match=r"^\$\[0\]: expected a value that payloads hold"):
        nodes.load(monkeypatch, [Foreign("pathlib", "PosixPath", {"parts": ("a",)})])
