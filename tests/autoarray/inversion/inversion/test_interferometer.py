"""Inversions of visibilities against the sums that define them, by every way that the system is formed in."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from interferometer_problem import Functions, dataset_of, mapper_of, mask_of, system_of

import autoarray as aa
from autoarray._numerics import compiled
from autoarray.inversion.inversion._curvature import normal_products
from autoarray.inversion.inversion.interferometer import inversion_interferometer_util as util
from autoarray.operators._fourier.normal import NormalOperator

BACKENDS = [np, jnp]
IDS = ["numpy", "jax"]
KINDS = ["rectangular", "delaunay", "functions", "two"]


def objects_of(dataset, kind, xp, **arguments):
    mappers = {
        "rectangular": ["rectangular"],
        "delaunay": ["delaunay"],
        "functions": ["rectangular"],
        "two": ["rectangular", "delaunay"],
    }[kind]
    objects = [mapper_of(dataset, xp, mesh, **arguments) for mesh in mappers]
    return [Functions(dataset.grids.lp, xp=xp), *objects] if kind == "functions" else objects


@pytest.fixture(params=["transforms", "sums"])
def way(request, monkeypatch):
    """Every curvature matrix of NumPy by Fourier transforms, or by compiled sums."""
    if request.param == "sums" and not compiled.is_available():
        pytest.skip("numba is not installed")
    monkeypatch.setattr(normal_products, "uses_sums", lambda *_: request.param == "sums")
    return request.param


@pytest.mark.parametrize("asymmetry", [0.0, 0.3])
@pytest.mark.parametrize("beam", [False, True], ids=["", "beam"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_system_is_that_of_the_visibilities(way, kind, beam, asymmetry):
    """Noise that differs between real and imaginary parts too, which the operator of PyAutoArray refuses."""
    check_system(np, kind, beam, asymmetry)


@pytest.mark.parametrize("kind", KINDS)
def test_the_system_in_jax_is_that_of_the_visibilities(kind):
    check_system(jnp, kind, True, 0.3)


def check_system(xp, kind, beam, asymmetry):
    mask = mask_of()
    values = np.random.default_rng(7).uniform(0.2, 1.0, mask.pixels_in_mask) if beam else None
    dataset = dataset_of(mask, asymmetry=asymmetry, primary_beam=values)
    for each in (dataset, dataset.apply_sparse_operator()) if xp is np else (dataset,):
        objects = objects_of(each, kind, xp)
        transformed, data_vector, curvature = system_of(each, objects, values)
        inversion = aa.Inversion(dataset=each, linear_obj_list=objects, xp=xp)
        scale = np.abs(curvature).max()
        np.testing.assert_allclose(inversion.curvature_matrix_diag, curvature, rtol=0, atol=1e-10 * scale)
        np.testing.assert_allclose(inversion.data_vector, data_vector, rtol=0, atol=1e-10 * np.abs(data_vector).max())
        solution = np.asarray(inversion.reconstruction)
        residuals = each.data.array - transformed @ solution
        noise = each.noise_map.array
        chi_squared = ((residuals.real / noise.real) ** 2 + (residuals.imag / noise.imag) ** 2).sum()
        assert float(inversion.fast_chi_squared) == pytest.approx(chi_squared, rel=1e-10)
        np.testing.assert_allclose(
            np.asarray(inversion.mapped_reconstructed_operated_data.array), transformed @ solution, rtol=0, atol=1e-9
        )


def test_the_class_says_which_route_was_asked_for():
    dataset = dataset_of()
    objects = [mapper_of(dataset)]
    assert type(aa.Inversion(dataset, objects)) is aa.InversionInterferometerMapping
    sparse = dataset.apply_sparse_operator()
    names = {None: "Sparse", "fft": "Sparse", "numba": "SparseNumba"}
    for route, name in names.items():
        inversion = aa.Inversion(sparse, objects, settings=aa.Settings(interferometer_route=route))
        assert type(inversion).__name__ == f"InversionInterferometer{name}"


def test_what_is_added_for_functions_is_no_part_of_chi_squared():
    """PyAutoArray 2026.10.26.1 has the 1e-3 on the diagonal of functions in its fast chi squared."""
    dataset = dataset_of()
    settings = aa.Settings(no_regularization_add_to_curvature_diag_value=50.0, use_positive_only_solver=False)
    inversion = aa.Inversion(dataset, objects_of(dataset, "functions", np), settings=settings)
    added = np.diag(inversion.curvature_matrix - inversion.curvature_matrix_diag)
    np.testing.assert_allclose(added, [50.0, 50.0] + [0.0] * 30, atol=1e-9)
    fit = aa.FitInterferometer(dataset, inversion=inversion)
    assert inversion.fast_chi_squared == pytest.approx(fit.chi_squared, rel=1e-10)


def test_sums_over_visibilities_are_made_once(monkeypatch):
    """An evaluation of a search is a new inversion; it transforms nothing."""
    from autoarray.operators._fourier import transform

    dataset = dataset_of()
    first = aa.Inversion(dataset, [mapper_of(dataset)]).curvature_matrix_diag, dataset.dirty_image_natural.array
    calls = []
    monkeypatch.setattr(transform, "images_from", lambda *a, **k: calls.append(a))
    interface = aa.DatasetInterface(
        data=dataset.data - aa.Visibilities.zeros(dataset.data.shape_slim),
        noise_map=dataset.noise_map,
        grids=dataset.grids,
        transformer=dataset.transformer,
    )
    for each in (dataset, interface):
        inversion = aa.Inversion(each, [mapper_of(dataset)])
        np.testing.assert_array_equal(inversion.curvature_matrix_diag, first[0])
        assert np.isfinite(inversion.fast_chi_squared)
    assert not calls


def test_other_data_are_not_taken_for_those_that_are_kept():
    dataset = dataset_of()
    before = aa.Inversion(dataset, [mapper_of(dataset)]).data_vector
    interface = aa.DatasetInterface(
        data=dataset.data * 2.0, noise_map=dataset.noise_map, grids=dataset.grids, transformer=dataset.transformer
    )
    np.testing.assert_allclose(aa.Inversion(interface, [mapper_of(dataset)]).data_vector, 2.0 * before, rtol=1e-12)
    noisier = aa.DatasetInterface(
        data=dataset.data, noise_map=dataset.noise_map * 2.0, grids=dataset.grids, transformer=dataset.transformer
    )
    np.testing.assert_allclose(aa.Inversion(noisier, [mapper_of(dataset)]).data_vector, before / 4.0, rtol=1e-12)


def test_visibilities_of_an_image_are_subtracted_without_visibilities():
    dataset = dataset_of(primary_beam=np.linspace(0.5, 1.0, mask_of().pixels_in_mask)).apply_sparse_operator()
    mask = dataset.real_space_mask
    image = aa.Array2D(values=np.linspace(0.0, 0.1, mask.pixels_in_mask), mask=mask)
    index = mask.extent_index_for_masked_pixel
    operated, dirty, term = util.sparse_profile_terms_from(dataset.sparse_operator, image, index)
    subtracted = dataset.data - dataset.transformer.visibilities_from(image)
    expected = aa.Interferometer(
        data=subtracted,
        noise_map=dataset.noise_map,
        uv_wavelengths=dataset.uv_wavelengths,
        real_space_mask=mask,
    ).apply_sparse_operator()
    np.testing.assert_allclose(dirty, expected.sparse_operator.dirty_image, atol=1e-9)
    np.testing.assert_allclose(operated, dataset.sparse_operator.dirty_image - dirty, atol=1e-9)
    assert term == pytest.approx(expected.sparse_operator.data_term, rel=1e-11)
    interface = aa.DatasetInterface(
        data=None,
        noise_map=None,
        grids=dataset.grids,
        sparse_operator=dataset.sparse_operator,
        sparse_dirty_image=dirty,
        data_term=term,
    )
    without = aa.Inversion(interface, [mapper_of(dataset)])
    assert without.transformer is None
    with pytest.raises(aa.exc.InversionException, match="keeps no visibilities"):
        _ = without.mapped_reconstructed_operated_data
    with_data = aa.DatasetInterface(
        data=subtracted, noise_map=dataset.noise_map, grids=dataset.grids, transformer=dataset.transformer
    )
    other = aa.Inversion(with_data, [mapper_of(dataset)])
    np.testing.assert_allclose(without.reconstruction, other.reconstruction, atol=1e-9)
    assert without.fast_chi_squared == pytest.approx(other.fast_chi_squared, rel=1e-10)


@pytest.mark.parametrize("xp", BACKENDS, ids=IDS)
def test_a_preloaded_curvature_matrix_takes_the_place_of_the_own(xp):
    dataset = dataset_of()
    mapper = mapper_of(dataset, xp)
    matrix = np.asarray(aa.Inversion(dataset, [mapper], xp=xp).curvature_matrix)
    inversion = aa.Inversion(
        dataset, [mapper], xp=xp, preloads=aa.PreloadsInterferometer(curvature_matrix=xp.asarray(2.0 * matrix))
    )
    np.testing.assert_array_equal(inversion.curvature_matrix, 2.0 * matrix)


def compiled_with_gradient(function, at, step, rel):
    """The compiled value and gradient, after they were compared with the function and its central difference."""
    value, gradient = jax.jit(jax.value_and_grad(function))(at)
    assert float(value) == pytest.approx(float(function(at)), rel=1e-10)
    expected = (float(function(at + step)) - float(function(at - step))) / (2.0 * step)
    assert float(gradient) == pytest.approx(expected, rel=rel, abs=1e-3)
    return value, gradient


@pytest.mark.parametrize("kind", ["rectangular", "functions"])
def test_the_evidence_has_derivatives_under_compilation(kind):
    dataset = dataset_of()
    mask = dataset.real_space_mask

    def evidence(stretch):
        grid = dataset.grids.pixelization
        moved = grid.with_new_array(jnp.asarray(grid.array) * stretch + 0.02 * jnp.sin(3.0 * jnp.asarray(grid.array)))
        traced = aa.Grid2D(
            values=moved.array, mask=mask, over_sample_size=1, over_sampled=aa.Grid2DIrregular(moved.array)
        )
        mesh = aa.mesh.RectangularBilinearAdaptDensity(shape=(6, 6))
        mapper = aa.Mapper(
            interpolator=mesh.interpolator_from(traced, xp=jnp), regularization=aa.reg.Constant(1.0), xp=jnp
        )
        objects = [mapper]
        if kind == "functions":
            objects = [Functions(dataset.grids.lp, (0.3 * stretch, 0.6), xp=jnp), mapper]
        settings = aa.Settings(use_positive_only_solver=False)
        inversion = aa.Inversion(dataset, objects, settings=settings, xp=jnp)
        return aa.FitInterferometer(dataset, xp=jnp, inversion=inversion).log_evidence

    value, gradient = compiled_with_gradient(evidence, 1.1, step=1e-5, rel=2e-5)
    forward = jax.jvp(evidence, (1.1,), (1.0,))[1]
    assert float(forward) == pytest.approx(float(gradient), rel=1e-8)
    batch = jax.vmap(evidence)(jnp.array([1.0, 1.1, 1.2]))
    assert float(batch[1]) == pytest.approx(float(value), rel=1e-10)


def test_the_evidence_of_a_delaunay_mesh_compiles_with_its_gradient():
    """PyAutoArray 2026.10.26.1 raises an error for one under `jax.jit`."""
    dataset = dataset_of()
    grid = dataset.grids.pixelization
    points = aa.image_mesh.Overlay(shape=(7, 7)).image_plane_mesh_grid_from(mask=dataset.real_space_mask)
    # On a lattice rounding would decide which diagonal of a square is an edge.
    shifts = np.random.default_rng(4).normal(0.0, 0.02, size=(len(points.array), 2))
    vertices = jnp.asarray(np.asarray(points.array) + shifts)

    def evidence(stretch):
        moved = jnp.asarray(grid.array) * (0.9 + 0.02 * stretch)
        traced = aa.Grid2D(
            values=moved, mask=grid.mask, over_sample_size=1, over_sampled=aa.Grid2DIrregular(moved, xp=jnp)
        )
        mesh = aa.mesh.Delaunay(pixels=len(vertices), zeroed_pixels=0)
        interpolator = mesh.interpolator_from(
            traced, source_plane_mesh_grid=aa.Grid2DIrregular(vertices * stretch, xp=jnp), xp=jnp
        )
        mapper = aa.Mapper(interpolator=interpolator, regularization=aa.reg.Constant(1.0), xp=jnp)
        settings = aa.Settings(use_positive_only_solver=False)
        inversion = aa.Inversion(dataset, [mapper], settings=settings, xp=jnp)
        return aa.FitInterferometer(dataset, xp=jnp, inversion=inversion).log_evidence

    compiled_with_gradient(evidence, 1.137, step=1e-6, rel=1e-4)


def test_the_programs_of_other_devices_give_the_same_numbers():
    from autoarray.inversion.inversion._curvature import normal_jax

    dataset = dataset_of().apply_sparse_operator(batch_size=7)
    inversion = aa.Inversion(dataset, objects_of(dataset, "functions", jnp), xp=jnp)
    system = inversion._system
    slims, weights = normal_jax._weights(system)
    mappers = normal_jax._mappers(system, slims)
    columns, values = [w.columns for w in weights], [*(w.values for w in weights), jnp.asarray(system._functions[1])]
    product = normal_jax._product_on_device(mappers, columns, values, values)
    np.testing.assert_allclose((product + product.T) / 2.0, inversion.curvature_matrix_diag, rtol=1e-10, atol=1e-9)
    cotangent = np.random.default_rng(2).normal(size=product.shape)
    form = normal_jax.NormalForm(mappers)
    on_host = form.derivative_on_host(
        1, [np.asarray(c) for c in columns], [[np.asarray(v) for v in values], None, [cotangent]]
    )
    on_device = form.derivative_on_device(1, columns, [values, None, [jnp.asarray(cotangent)]])
    for host, device in zip(on_host, on_device, strict=True):
        np.testing.assert_allclose(device, host, rtol=1e-9, atol=1e-8)
    changes = [v * 0.5 for v in values]
    found = form.derivative_on_device(2, columns, [values, changes, None])[0]
    np.testing.assert_allclose(
        found, form.derivative_on_host(2, columns, [values, changes, None])[0], rtol=1e-9, atol=1e-8
    )


@pytest.mark.parametrize("hankel", [False, True])
@pytest.mark.parametrize("shape", [(5, 4), (1, 6), (7, 1), (6, 6)])
def test_the_normal_operator_is_its_kernels(shape, hankel):
    rng = np.random.default_rng(4)
    rows, columns = shape
    toeplitz = np.zeros((2 * rows, 2 * columns))
    for i in range(1 - rows, rows):
        for j in range(1 - columns, columns):
            toeplitz[i, j] = toeplitz[-i, -j] = rng.normal()
    sums = np.pad(rng.normal(size=(2 * rows - 1, 2 * columns - 1)), ((0, 1), (0, 1))) if hankel else None
    operator = NormalOperator(toeplitz, sums)
    y, x = (index.ravel() for index in np.indices(shape))
    matrix = toeplitz[y[:, None] - y, x[:, None] - x]
    if sums is not None:
        matrix = matrix + sums[y[:, None] + y, x[:, None] + x]
    images = rng.normal(size=(3, *shape))
    for xp in (np, jnp):
        found = np.asarray(operator.apply(xp.asarray(images), xp)).reshape(3, -1)
        np.testing.assert_allclose(found, images.reshape(3, -1) @ matrix, atol=1e-12)
    public = util.InterferometerSparseOperator.from_nufft_precision_operator(
        toeplitz, np.zeros(rows * columns), hankel_operator=sums
    )
    triplets = rng.integers(0, rows * columns, 20), rng.integers(0, 3, 20), rng.normal(size=20)
    dense = np.zeros((rows * columns, 3))
    np.add.at(dense, triplets[:2], triplets[2])
    for xp in (np, jnp):
        square = public.curvature_matrix_diag_from(*triplets, S=3, xp=xp)
        np.testing.assert_allclose(square, dense.T @ matrix @ dense, atol=1e-11)
        pair = public.curvature_matrix_off_diag_from(*triplets, *triplets, S0=3, S1=3, xp=xp)
        np.testing.assert_allclose(pair, square, atol=1e-11)
        index, functions = np.arange(rows * columns), rng.normal(size=(rows * columns, 2))
        shared = public.curvature_matrix_off_diag_func_list_from(functions, index, *triplets, S=3, xp=xp)
        np.testing.assert_allclose(shared, dense.T @ matrix @ functions, atol=1e-11)
        both = public.curvature_matrix_func_list_from(functions, functions, index, xp=xp)
        np.testing.assert_allclose(both, functions.T @ matrix @ functions, atol=1e-11)


def test_bad_operators_and_datasets_are_refused():
    dataset = dataset_of()
    with pytest.raises(aa.exc.InversionException, match="expected a kernel of shape"):
        util.InterferometerSparseOperator(np.zeros((4, 4)), np.zeros(4), 3, 2, 6, 128, float)
    with pytest.raises(aa.exc.InversionException, match=r"the shape \(2 rows, 2 columns\)"):
        util.InterferometerSparseOperator.from_nufft_precision_operator(np.zeros((3, 4)), np.zeros(2))
    other = aa.Mask2D.circular(shape_native=(16, 15), pixel_scales=0.1, radius=0.4)
    with pytest.raises(aa.exc.InversionException, match="expected a mapper on the"):
        aa.Inversion(dataset, [mapper_of(dataset_of(other))])
    with pytest.raises(aa.exc.DatasetException, match="data"):
        aa.DatasetInterface(data=None, noise_map=None, grids=dataset.grids)
