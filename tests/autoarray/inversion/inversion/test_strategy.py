"""Every row of the table in `_curvature/strategy.py`: that it is taken, and that its system is the dense one."""

import dense_systems
import numpy as np
import problems
import pytest
from light_profiles import GaussianList

import autoarray as aa
from autoarray.inversion.inversion._curvature import blocks
from autoarray.inversion.inversion._curvature.image_tiles import ImageTiles
from autoarray.inversion.inversion._curvature.interpolation_weights import InterpolationWeights
from autoarray.inversion.inversion._curvature.mapping_matrices import MappingMatrices
from autoarray.inversion.inversion._curvature.products import is_sparse
from autoarray.inversion.inversion._curvature.tile_products import DENSE_SHARE


class OwnImages(aa.Mapper):
    """A mapper that gives its convolved images itself."""

    @property
    def operated_mapping_matrix_override(self):
        return 2.0 * self.mapping_matrix


def dataset_of(kind):
    """A dataset, by what is special about it."""
    plain = problems.dataset_from()
    if kind == "plain":
        return plain
    if kind == "without PSF":
        return problems.dataset_from(psf=False)
    if kind == "fine PSF":
        kernel = aa.Array2D.no_mask(values=np.array(plain.psf.kernel.native.array), pixel_scales=problems.SCALE / 2)
        return aa.Imaging(
            data=plain.data,
            noise_map=plain.noise_map,
            psf=aa.Convolver(kernel=kernel, convolve_over_sample_size=2),
            over_sample_size_lp=2,
            over_sample_size_pixelization=2,
        )
    sparse = plain.apply_sparse_operator(batch_size=9)
    if kind == "operator":
        return sparse
    parts = {name: getattr(sparse, name) for name in ("data", "noise_map", "grids", "psf", "sparse_operator")}
    if kind == "operator of other noise":
        parts["noise_map"] = sparse.noise_map * 2.0
    elif kind == "operator of another PSF":
        parts["psf"] = aa.Convolver(kernel=sparse.psf.kernel * 0.5)
    return aa.DatasetInterface(**parts)


def objects_from(letters, backend, dataset, einstein=problems.EINSTEIN):
    """Mappers (m), ones with their own images (i) or without regularization (u), and functions (f)."""
    xp = problems.xp_from(backend)
    arguments = {"backend": backend, "dataset": dataset, "einstein": einstein}

    def mapper(mesh, shape, **changes):
        fit = problems.fit_from(mesh=mesh, shape=shape, **arguments)
        return fit.inversion.linear_obj_list[0]._with(**changes)

    make = {
        "m": lambda: mapper("adapt_density", (6, 7)),
        "u": lambda: mapper("uniform", (5, 5), regularization=None),
        "i": lambda: OwnImages(interpolator=mapper("uniform", (4, 5)).interpolator, regularization=None, xp=xp),
        "f": lambda: GaussianList(dataset.grids.pixelization, [0.1, 0.3], xp=xp),
    }
    return [make[letter]() for letter in letters]


def inversion_from(letters, backend, dataset, **kwargs):
    objects = objects_from(letters, backend, dataset, **kwargs)
    return aa.Inversion(dataset=dataset, linear_obj_list=objects, xp=problems.xp_from(backend))


def assert_dense(data_vector, curvature_matrix, expected):
    for values, dense in zip((data_vector, curvature_matrix), expected, strict=True):
        np.testing.assert_allclose(values, dense, rtol=0.0, atol=1e-10 * np.abs(dense).max())


ROWS = [
    ("numpy", "plain", "m", ImageTiles),
    ("numpy", "plain", "fmu", ImageTiles),
    ("numpy", "plain", "f", MappingMatrices),
    ("numpy", "plain", "fff", MappingMatrices),
    ("numpy", "without PSF", "um", ImageTiles),
    ("numpy", "fine PSF", "m", ImageTiles),
    ("numpy", "operator of other noise", "m", ImageTiles),
    ("numpy", "operator of another PSF", "m", ImageTiles),
    ("numpy", "operator", "mi", MappingMatrices),
    ("numpy", "operator", "f", MappingMatrices),
    ("numpy", "operator", "m", ImageTiles),
    ("numpy", "operator", "mu", ImageTiles),
    ("numpy", "operator", "fmu", ImageTiles),
    ("jax", "plain", "f", MappingMatrices),
    ("jax", "plain", "if", MappingMatrices),
    ("jax", "fine PSF", "m", MappingMatrices),
    ("jax", "plain", "m", InterpolationWeights),
    ("jax", "plain", "fmu", InterpolationWeights),
    ("jax", "plain", "mi", InterpolationWeights),
    ("jax", "without PSF", "um", InterpolationWeights),
    ("jax", "operator", "m", InterpolationWeights),
    ("jax", "operator", "fmu", InterpolationWeights),
    ("jax", "operator of other noise", "m", InterpolationWeights),
]


@pytest.mark.parametrize(("backend", "dataset", "letters", "cls"), ROWS)
def test_the_row_that_is_taken_gives_the_dense_system(backend, dataset, letters, cls):
    if backend == "jax":
        pytest.importorskip("jax")
    inversion = inversion_from(letters, backend, dataset_of(dataset))
    assert type(inversion._linear_system) is cls
    expected = dense_systems.system_from(inversion)
    assert_dense(inversion.data_vector, inversion.curvature_matrix, expected)
    s = np.cos(np.arange(inversion.total_params))
    for linear_obj, (start, end) in zip(inversion.linear_obj_list, inversion._linear_system.ranges, strict=True):
        matrix = dense_systems.operated_matrix_from(linear_obj, inversion.dataset)
        image = inversion._linear_system.operated_image_from(linear_obj, inversion._xp.asarray(s[start:end]))
        np.testing.assert_allclose(image, matrix @ s[start:end], rtol=0.0, atol=1e-10)


def test_sparse_tiles_and_one_dense_product_on_numpy(monkeypatch):
    tiled, product = [], blocks.symmetric_product_from
    monkeypatch.setattr(blocks, "symmetric_product_from", lambda *args: tiled.append(args[0]) or product(*args))
    for letters in ("mi", "fff", "fmi"):
        inversion = inversion_from(letters, "numpy", dataset_of("plain"))
        tiled.clear()
        assert inversion.curvature_matrix.shape == (inversion.total_params,) * 2
        shares = [
            np.count_nonzero(matrix) / matrix.size > DENSE_SHARE for matrix in inversion.operated_mapping_matrix_list
        ]
        assert any(shares) == ("f" in letters)
        few = [
            params
            for params, share in zip((o.params for o in inversion.linear_obj_list), shares, strict=True)
            if not share
        ]
        assert sum(matrix.shape[1] for matrix in tiled) == sum(few)
        for matrix in tiled:
            assert is_sparse(matrix)
            assert matrix.nnz <= DENSE_SHARE * matrix.shape[0] * matrix.shape[1]


def test_traced_noise_is_the_dense_row():
    jax = pytest.importorskip("jax")
    plain, chosen = dataset_of("plain"), []

    @jax.jit
    def system(scale):
        noise_map = plain.noise_map._with(_array=scale * plain.noise_map.array, _use_jax=True)
        interface = aa.DatasetInterface(data=plain.data, noise_map=noise_map, grids=plain.grids, psf=plain.psf)
        inversion = inversion_from("fm", "jax", interface)
        chosen.append(type(inversion._linear_system))
        return inversion.data_vector, inversion.curvature_matrix

    interface = aa.DatasetInterface(data=plain.data, noise_map=1.5 * plain.noise_map, grids=plain.grids, psf=plain.psf)
    assert_dense(*system(1.5), dense_systems.system_from(inversion_from("fm", "numpy", interface)))
    assert chosen == [MappingMatrices]


@pytest.mark.parametrize("kind", ["plain", "operator"])
def test_jax_takes_the_program_of_the_platform(kind):
    jax = pytest.importorskip("jax")
    inversion = inversion_from("fm", "jax", dataset_of(kind))
    weights = inversion._linear_system._system_and_weights[1]

    def curvature_matrix(values):
        from autoarray.inversion.inversion._curvature import programs_jax

        linear_system = inversion._linear_system
        system, _ = linear_system._system_and_weights
        scaled = [w._replace(values=v) for w, v in zip(weights, values, strict=True)]
        images = linear_system._functions.images
        return programs_jax.curvature_matrix_from(system, scaled, linear_system.batch_size, images)

    traced = jax.jit(curvature_matrix).trace([w.values for w in weights])
    text = {platform: traced.lower(lowering_platforms=(platform,)).as_text() for platform in ("cpu", "cuda")}
    assert "callback" in text["cpu"]
    assert "callback" not in text["cuda"]
    # A loop over the batches of columns, and none over the columns of a dense matrix.
    assert ("stablehlo.while" in text["cuda"]) == (kind == "operator")


@pytest.mark.parametrize("kind", ["plain", "operator", "without PSF"])
@pytest.mark.parametrize("letters", ["m", "fmu"])
def test_the_programs_of_a_device_give_the_dense_system(kind, letters, monkeypatch):
    pytest.importorskip("jax")
    from autoarray.inversion.inversion._curvature import programs_jax

    # Run on this CPU, uncompiled so that no program of a CPU is taken from the cache.
    monkeypatch.setattr(programs_jax, "_compiled", programs_jax._curvature)
    monkeypatch.setattr(programs_jax.jax.lax, "platform_dependent", lambda *args, cpu, default: default(*args))
    inversion = inversion_from(letters, "jax", dataset_of(kind))
    assert_dense(inversion.data_vector, inversion.curvature_matrix, dense_systems.system_from(inversion))


@pytest.mark.parametrize("kind", ["plain", "operator"])
def test_a_batch_of_models(kind):
    jax = pytest.importorskip("jax")
    dataset = dataset_of(kind)

    def system(einstein):
        inversion = inversion_from("fm", "jax", dataset, einstein=einstein)
        return inversion.data_vector, inversion.curvature_matrix

    radii = [0.33, 0.35, 0.36]
    data_vectors, curvature_matrices = jax.jit(jax.vmap(system))(jax.numpy.asarray(radii))
    for einstein, data_vector, curvature_matrix in zip(radii, data_vectors, curvature_matrices, strict=True):
        inversion = inversion_from("fm", "numpy", dataset_of("plain"), einstein=einstein)
        assert_dense(data_vector, curvature_matrix, dense_systems.system_from(inversion))
