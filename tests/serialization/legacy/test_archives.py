"""Every payload that a release of PyAutoArray left: it restores, on either backend, with the numbers that it had."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path

import archives
import graph
import numpy as np
import pytest
from archives import Payload

import serialization
from autoarray._backend import Backend
from autoarray.inversion.inversion.abstract import AbstractInversion
from autoarray.inversion.linear_obj.linear_obj import LinearObj
from autoarray.inversion.mesh.interpolator.abstract import AbstractInterpolator
from autoarray.inversion.mesh.mesh_geometry.abstract import AbstractMeshGeometry
from serialization import LegacyWarning, LoadReport, SchemaError, UnknownTypeError, VerificationError
from serialization._pickle.reader import read_pickle

EVERY = [one for one in archives.payloads() if one.entry["kind"] != "user"]
# What JAX fitted the spline transforms of by equations that lose most digits has a test of its own.
SPLINES_OF_JAX = [one for one in EVERY if one.has_spline_of_jax]
PAYLOADS = [one for one in EVERY if not one.has_spline_of_jax]
USERS = [one for one in archives.payloads() if one.entry["kind"] == "user"]
CHAINS = [one for one in PAYLOADS if one.entry["kind"] == "chain"]
ON_JAX = [one for one in PAYLOADS if one.backend == "jax" and one.entry["kind"] != "imaging"]
# One cold file of each mesh, by the last release that has it, from either backend where it can: JAX compiles for each.
LAST = {(one.entry["mesh"], one.backend): one for one in CHAINS if not one.is_warm}
SCHEMAS = {
    "2026.5.14.2": 1,
    "2026.5.21.1": 2,
    "2026.7.23.1": 3,
    "2026.7.29.1": 4,
    "2026.8.22.1": 5,
    "2026.9.4.1": 5,
    "2026.9.8.1": 6,
    "2026.10.26.1": 6,
}


def load(payload: Payload, backend=None, **arguments):
    return serialization.load_pickle(payload.data(), backend=backend, written_by=payload.release, **arguments)


def modules_of(root):
    """The array modules that the objects of a graph compute with, but for masks and the like, which are NumPy's."""
    computes = (AbstractInterpolator, AbstractMeshGeometry, LinearObj, AbstractInversion)
    return {value._xp.__name__ for _, value in graph.walk(root) if isinstance(value, computes)}


def test_there_are_archives_of_every_schema_backend_and_mesh():
    assert set(archives.releases()) == set(SCHEMAS)
    assert set(SCHEMAS.values()) == {1, 2, 3, 4, 5, 6}
    for release in SCHEMAS:
        both = {"numpy": set(), "jax": set()}
        for one in EVERY:
            if one.release == release and one.entry["kind"] == "chain":
                both[one.backend].add(one.entry["mesh"])
        assert both["numpy"] == both["jax"], release
    assert len({one.entry["mesh"] for one in CHAINS}) == 16
    assert {one.file.removesuffix(".xz").rpartition(".")[2] for one in PAYLOADS} == {"pickle", "cloudpickle", "dill"}
    assert {one.is_warm for one in CHAINS} == {True, False}


def test_every_file_is_described():
    for path in archives.FOLDER.glob("*/*/*"):
        if path.name != "expected.json":
            described = archives.described(path.parts[-3], path.parts[-2])["objects"].values()
            assert path.name in {name for entry in described for name in entry["files"]}, path
    for folder in archives.FOLDER.glob("*/*/"):
        assert (folder / "expected.json").is_file(), folder


@pytest.mark.parametrize("payload", PAYLOADS, ids=str)
def test_numbers_on_numpy(payload):
    root = load(payload, "numpy")
    assert {value._xp.__name__ for _, value in graph.walk(root) if isinstance(value, Backend)} == {"numpy"}
    assert archives.failed(compared(payload, root)) == []


def compared(payload, root):
    """What is compared of a payload, but for what `test_meshes_that_are_not_square` is about."""
    return (one for one in archives.compare(payload, root) if "not_square" not in payload.name or "geom" in one.name)


@pytest.mark.parametrize("payload", ON_JAX, ids=str)
def test_a_payload_of_jax_restores_on_jax(payload):
    pytest.importorskip("jax")
    assert modules_of(load(payload)) == {"jax.numpy"}


@pytest.mark.parametrize("payload", LAST.values(), ids=str)
def test_numbers_on_jax(payload):
    """On the backend that it was written with, and on the other one."""
    pytest.importorskip("jax")
    root = load(payload, "jax")
    assert modules_of(root) == {"jax.numpy"}
    assert archives.failed(archives.compare(payload, root)) == []


@pytest.mark.parametrize("payload", SPLINES_OF_JAX, ids=str)
@pytest.mark.parametrize("backend", ["numpy", None])
def test_splines_that_were_fitted_on_jax(payload, backend):
    """The release solved normal equations of powers up to the 11th on JAX, of which rounding left few digits.

    So its numbers depend on the processor that it ran on, and are only had to some digits: far closer than
    those of the release's own fit on NumPy. What does not go through the fit is as it was.
    """
    if backend is None:
        pytest.importorskip("jax")
    with pytest.warns(LegacyWarning, match="fitted on JAX"):
        root = load(payload, backend)
    assert modules_of(root) == {"jax.numpy" if backend is None else "numpy"}
    if backend is None:
        return
    through_the_fit = (
        "edges",
        "areas",
        "table",
        "rows",
        "columns",
        "reconstruction",
        "model_data",
        "regularization_te",
    )
    through_the_fit += ("log_det_curvature", "chi_squared", "log_likelihood", "log_evidence")
    exact = [one for one in archives.compare(payload, root) if not any(name in one.name for name in through_the_fit)]
    assert len(exact) == 11
    assert archives.failed(iter(exact)) == []
    theirs = payload.values["inversion"]["log_evidence"]
    on_numpy = archives.described(payload.release, "numpy")["objects"][payload.name]["values"]["inversion"]
    ours = next(one.found for one in archives.compare(payload, root) if one.name == "log_evidence")
    assert abs(ours - theirs) < 0.1 * abs(on_numpy["log_evidence"] - theirs)


@pytest.mark.parametrize("payload", [one for one in PAYLOADS if "not_square" in one.name], ids=str)
def test_meshes_that_are_not_square(payload):
    """Of a mesh of (rows, columns) pixels the releases map to one of (rows, rows); a restored one uses all pixels."""
    inversion = load(payload, "numpy")
    interpolator = inversion.linear_obj_list[0].interpolator
    assert interpolator.mesh.shape == (4, 6)
    (ours,) = archives.COMPARE["interpolator"](interpolator, payload.values["interpolator"])
    assert ours.deviation > 0.1
    square = interpolator._with(mesh=interpolator.mesh._with(shape=(4, 4)))
    (theirs,) = archives.COMPARE["interpolator"](square, payload.values["interpolator"])
    assert theirs.deviation < archives.DIRECT
    np.testing.assert_allclose(interpolator.weights.sum(axis=1), 1.0)
    assert np.isfinite(float(inversion.regularization_term))


@pytest.mark.parametrize("payload", [one for one in CHAINS if not one.is_warm and one.backend == "numpy"], ids=str)
def test_what_was_shared_is_shared(payload):
    root = load(payload)
    inversion, mapper, interpolator = root["inversion"], root["mapper"], root["interpolator"]
    assert inversion.linear_obj_list[0] is mapper
    assert inversion.dataset is root["dataset"]
    assert mapper.interpolator is interpolator
    assert interpolator.mesh_geometry is root["geometry"]
    assert root["geometry"].mesh is interpolator.mesh
    masks = {id(value) for _, value in graph.walk(root) if type(value).__name__ == "Mask2D"}
    assert len(masks) < 12


# ---------------------------------------------------------------- what was cached


@pytest.mark.parametrize("payload", [one for one in PAYLOADS if one.is_warm], ids=str)
def test_cached_values_are_verified(payload):
    report = LoadReport()
    load(payload, "numpy", verify=True, report=report)
    names = {one.name for one in report.compared}
    results = {"reconstruction", "regularization_term", "mapping_matrix"}
    assert names & results == (set() if payload.entry["kind"] == "geometry" else results)


@pytest.mark.parametrize("name", ["reconstruction", "mapping_matrix", "curvature_matrix"])
def test_cached_values_that_were_changed_are_found(backend, name):
    payload = next(one for one in CHAINS if one.is_warm and one.backend == backend and "density" in one.name)
    data = payload.data()
    chain = read_pickle(data)
    cached = chain["mapper" if name == "mapping_matrix" else "inversion"].state[name]
    values = np.asarray(getattr(cached, "values", cached))
    changed = np.where(values == values.max(), values * (1.0 + 1e-4), values)
    stored, wrong = (each.tobytes("F" if values.flags.f_contiguous else "C") for each in (values, changed))
    assert data.count(stored) >= 1
    data = data.replace(stored, wrong)
    arguments = {"backend": "numpy", "written_by": payload.release}
    with pytest.raises(VerificationError) as error:
        serialization.load_pickle(data, verify=True, **arguments)
    assert error.value.path is not None
    # Without it, a cached value has no part in what is computed.
    assert archives.failed(archives.compare(payload, serialization.load_pickle(data, **arguments))) == []


# ---------------------------------------------------------------- what a state does not tell


def chain_of(release, warm, mesh="bilinear_adapt_density"):
    name = f"chain_{mesh}"
    return next(
        one for one in CHAINS if (one.release, one.name, one.is_warm, one.backend) == (release, name, warm, "numpy")
    )


@pytest.mark.parametrize(("release", "expected"), [("2026.8.22.1", "exchanged"), ("2026.9.4.1", "bilinear")])
def test_a_cached_mapping_tells_the_row_weights(release, expected):
    payload, report = chain_of(release, warm=True), LoadReport()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LegacyWarning)
        root = serialization.load_pickle(payload.data(), report=report)
    assert root["interpolator"].row_weights == expected
    found = [one for one in archives.compare(payload, root) if not one.name.startswith("geometry")]
    assert archives.failed(iter(found)) == []
    choice = next(one for one in report.conventions if one.name == "row_weights")
    assert (choice.value, choice.decided) == (expected, True)


@pytest.mark.parametrize(("release", "expected"), [("2026.8.22.1", "exchanged"), ("2026.9.4.1", "bilinear")])
def test_the_objects_around_tell_the_row_weights(release, expected):
    payload, report = chain_of(release, warm=False), LoadReport()
    root = serialization.load_pickle(payload.data(), report=report)
    assert root["interpolator"].row_weights == expected
    assert archives.failed(archives.compare(payload, root)) == []
    assert [one.decided for one in report.conventions if one.name == "row_weights"] == [True]


def test_row_weights_that_nothing_tells_are_taken_as_corrected():
    payload = next(one for one in PAYLOADS if one.release == "2026.9.4.1" and one.entry["kind"] == "interpolator")
    report = LoadReport()
    with pytest.warns(LegacyWarning) as found:
        interpolator = serialization.load_pickle(payload.data(), report=report)
    assert any("row_weights taken as 'bilinear'" in str(one.message) for one in found)
    assert interpolator.row_weights == "bilinear"
    assert [one.decided for one in report.conventions if one.name == "row_weights"] == [False]
    other = serialization.load_pickle(payload.data(), written_by="2026.8.22.1")
    assert other.row_weights == "exchanged"
    assert archives.failed(archives.compare(payload, interpolator)) == []
    assert archives.failed(archives.compare(payload, other)) != []


@pytest.mark.parametrize(("release", "expected"), [("2026.9.8.1", "cells"), ("2026.10.26.1", "nodes")])
def test_the_release_tells_the_areas(release, expected):
    payload = chain_of(release, warm=False)
    assert load(payload)["geometry"].area_convention == expected


def test_a_release_that_can_not_have_written_it_is_refused():
    with pytest.raises(SchemaError, match=r"2026\.5\.14\.2"):
        serialization.load_pickle(chain_of("2026.10.26.1", warm=False).data(), written_by="2026.5.14.2")


# ---------------------------------------------------------------- other packages, and none


@pytest.mark.parametrize("payload", USERS, ids=str)
def test_a_class_of_a_user(payload):
    with pytest.raises(UnknownTypeError) as error:
        serialization.load_pickle(payload.data())
    assert error.value.path == "$['tracer']"
    assert "survey_lenses.Tracer" in str(error.value)
    assert 'pickled_as=["survey_lenses:Tracer"]' in str(error.value)


class Galaxy:
    """What a user's own class has become: it has a name, which it had not when the pickles were written."""


class Tracer:
    """A user's own class, which has not changed."""


def _name_of(state):
    return {"name": f"galaxy at {state['redshift']}", **state}


def test_a_class_of_a_user_that_is_registered():
    migrations = {1: serialization.Migration(("redshift",), _name_of, ("pixelization",))}
    options = {"fields": ["name", "redshift"], "optional": ["pixelization"], "version": 2, "migrations": migrations}
    serialization.register(Galaxy, name="survey.Galaxy", pickled_as=["survey_lenses:Galaxy"], **options)
    serialization.register(Tracer, name="survey.Tracer", pickled_as=["survey_lenses:Tracer"], fields=["galaxies"])
    assert len(USERS) >= 6
    for payload in USERS:
        tracer = load(payload)["tracer"]
        assert type(tracer) is Tracer
        assert [galaxy.redshift for galaxy in tracer.galaxies] == payload.values["redshifts"]
        assert [galaxy.name for galaxy in tracer.galaxies] == ["galaxy at 0.5", "galaxy at 2.0"]
        assert type(tracer.galaxies[1].pixelization).__name__ == "Pixelization"
        again = serialization.loads(serialization.dumps(tracer))
        assert again.galaxies[1].pixelization.mesh.shape == (5, 5)


# Run by an interpreter that has none of the packages that the payloads were written with.
ALONE = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"jax", "jaxlib", "dill", "cloudpickle", "autoconf", "autonerves"}:
            raise ImportError(f"{name} is not installed")

sys.meta_path.insert(0, Missing())
sys.path[:0] = SUPPORT

import archives
import serialization

count = 0
for payload in archives.payloads():
    if payload.entry["kind"] == "user" or payload.has_spline_of_jax:
        continue
    root = serialization.load_pickle(payload.data(), backend="numpy", written_by=payload.release)
    if not payload.is_warm and payload.entry["kind"] == "chain":
        wrong = [one for one in archives.compare(payload, root) if not one.deviation <= one.limit]
        assert not wrong, (str(payload), *map(str, wrong))
    count += 1
assert not {"jax", "jaxlib", "dill", "cloudpickle"} & {name.partition(".")[0] for name in sys.modules}

payload = next(one for one in archives.payloads() if one.backend == "jax")
try:
    serialization.load_pickle(payload.data(), written_by=payload.release)
except serialization.BackendUnavailableError as error:
    assert "backend='numpy'" in str(error), error
else:
    raise AssertionError("restored onto JAX, which is not there")
print(count)
"""


def test_without_the_packages_that_wrote_them():
    support = [str(Path(archives.__file__).parent), str(Path(serialization.__file__).parents[1])]
    code = ALONE.replace("SUPPORT", repr(support))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len(PAYLOADS)


def test_where_jax_has_no_64_bits_it_is_an_error():
    """JAX would make float32 of them without a word."""
    pytest.importorskip("jax")
    payload = next(one for one in CHAINS if one.backend == "jax")
    code = (
        f"import sys; sys.path[:0] = {[str(Path(serialization.__file__).parents[1])]!r}\n"
        "import lzma, serialization\n"
        f"data = lzma.open({str(payload.path)!r}).read()\n"
        "try:\n"
        f"    serialization.load_pickle(data, written_by={payload.release!r})\n"
        "except serialization.PrecisionLossError as error:\n"
        "    print(error)\n"
    )
    environment = os.environ | {"JAX_ENABLE_X64": "0", "JAX_PLATFORMS": "cpu"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert "jax_enable_x64" in done.stdout
