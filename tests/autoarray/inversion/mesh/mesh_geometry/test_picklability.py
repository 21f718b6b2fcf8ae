import pickle
import subprocess
import sys
import textwrap

import numpy as np
import problems
import pytest

import serialization
from autoarray.inversion.mesh.mesh_geometry.abstract import AbstractMeshGeometry
from autoarray.inversion.mesh.mesh_geometry.rectangular import MeshGeometryRectangular


def built_geometry(backend: str, mesh: str = "adapt_density") -> MeshGeometryRectangular:
    return problems.evaluated_fit_from(backend, mesh).inversion.linear_obj_list[0].mesh_geometry


def bare_geometry(use_jax: bool) -> AbstractMeshGeometry:
    geometry = AbstractMeshGeometry.__new__(AbstractMeshGeometry)
    geometry._use_jax = use_jax
    return geometry


def assert_same_geometry(restored: MeshGeometryRectangular, geometry: MeshGeometryRectangular) -> None:
    np.testing.assert_array_equal(restored.mesh_grid.array, geometry.mesh_grid.array)
    np.testing.assert_array_equal(restored.areas_for_magnification, geometry.areas_for_magnification)
    np.testing.assert_array_equal(restored.edges_transformed, geometry.edges_transformed)
    np.testing.assert_array_equal(restored.neighbors.array, geometry.neighbors.array)
    np.testing.assert_array_equal(restored.neighbors.sizes, geometry.neighbors.sizes)
    assert (restored.shape, restored.transform) == (geometry.shape, geometry.transform)
    assert restored.data_grid.mask.pixel_scales == geometry.data_grid.mask.pixel_scales


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("mesh", problems.MESHES)
def test_picklable_numpy_backend(mesh, protocol):
    geometry = built_geometry("numpy", mesh)
    restored = pickle.loads(pickle.dumps(geometry, protocol=protocol))
    assert restored._xp is np
    assert restored._use_jax is False
    assert_same_geometry(restored, geometry)

    bare = pickle.loads(pickle.dumps(bare_geometry(use_jax=False), protocol=protocol))
    assert bare._xp is np
    assert vars(bare) == {"_use_jax": False}


@pytest.mark.parametrize("mesh", problems.MESHES)
def test_picklable_jax_backend(mesh):
    jnp = pytest.importorskip("jax.numpy")
    geometry = built_geometry("jax", mesh)
    restored = pickle.loads(pickle.dumps(geometry))
    assert restored._xp is jnp
    assert restored._use_jax is True
    assert_same_geometry(restored, geometry)

    bare = pickle.loads(pickle.dumps(bare_geometry(use_jax=True)))
    assert bare._xp is jnp
    assert vars(bare) == {"_use_jax": True}


@pytest.mark.parametrize("mesh", problems.MESHES)
def test_msgpack_round_trip(backend, xp, mesh):
    geometry = built_geometry(backend, mesh)
    restored = serialization.loads(serialization.dumps(geometry))
    assert restored._xp is xp
    assert_same_geometry(restored, geometry)


def test_numpy_round_trip_does_not_import_jax(tmp_path):
    payload = tmp_path / "geometry.pickle"
    payload.write_bytes(pickle.dumps(built_geometry("numpy")))
    script = f"""
        import pickle, sys
        geometry = pickle.load(open({str(payload)!r}, "rb"))
        again = pickle.loads(pickle.dumps(geometry))
        assert again._xp.__name__ == "numpy"
        again.areas_for_magnification, again.neighbors
        assert "jax" not in sys.modules, "jax was imported"
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=True)


@pytest.mark.parametrize("xp", [None, "numpy", np.linalg, pickle])
def test_other_modules_are_rejected(xp):
    with pytest.raises(TypeError, match=r"xp: expected the module numpy or jax\.numpy, found"):
        AbstractMeshGeometry(mesh=None, mesh_grid=None, data_grid=None, xp=xp)


def test_the_flag_can_be_set():
    geometry = bare_geometry(use_jax=False)
    geometry.use_jax = True
    assert geometry.use_jax is True


def test_repr_of_a_bare_geometry():
    assert "incomplete" in repr(bare_geometry(use_jax=False))
