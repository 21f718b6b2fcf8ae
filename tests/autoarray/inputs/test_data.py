"""What datasets and PSFs refuse: values whose squares no float holds, and pixels of another size."""

import jax
import jax.numpy as jnp
import numpy as np
import problems
import pytest

import autoarray as aa

NAN, INF = float("nan"), float("inf")
SCALE = problems.SCALE


def parts(xp=np, **changes):
    """The data, noise map and PSF of a dataset of 5 x 5 pixels."""
    values = {"data": np.ones((5, 5)), "noise_map": np.full((5, 5), 0.5)} | changes
    made = {name: aa.Array2D.no_mask(xp.asarray(value), pixel_scales=SCALE) for name, value in values.items()}
    return made | {"psf": aa.Convolver.no_blur(pixel_scales=SCALE)}


def changed(value, to, dtype=float):
    values = np.full((5, 5), value, dtype=dtype)
    values[1, 3] = to
    return values


MAGNITUDES = [
    ("noise_map", changed(0.5, 1e-200), r"noise_map: expected values from 1\.5e-151 to 1\.3e\+151 .*, found 1e-200 .*"),
    ("noise_map", changed(0.5, 1e200), r"noise_map: expected values from 1\.5e-151 to 1\.3e\+151 .*, found 1e\+200 .*"),
    ("data", changed(1.0, -1e200), r"data: expected values of at most 1\.3e\+151 .*, found -1e\+200 .*"),
    ("noise_map", changed(0.5, 1e-25, np.float32), r"noise_map: expected values from 1\.1e-16 to .* float32 holds"),
    ("data", changed(1.0, 1e30, np.float32), r"data: expected values of at most 1\.8e\+16 .* float32 holds"),
]


@pytest.mark.parametrize(("name", "values", "message"), MAGNITUDES)
def test_magnitudes_whose_squares_overflow_are_refused(name, values, message, xp):
    given = parts(xp, **{name: values})
    with pytest.raises(aa.exc.DatasetException, match=message + r".*1 of them, at \(row, column\) \(1, 3\)"):
        aa.Imaging(**given)
    with pytest.raises(aa.exc.DatasetException, match=r"DatasetInterface\." + message):
        aa.DatasetInterface(given["data"], given["noise_map"])


def test_data_that_are_too_many_times_their_noise_are_refused(xp):
    given = parts(xp, data=changed(1.0, 1e100), noise_map=changed(0.5, 1e-100))
    message = r"data: expected at most 1\.3e\+151 times the noise .*, found more in 1 of them, at .* \(1, 3\)"
    with pytest.raises(aa.exc.DatasetException, match=message):
        aa.Imaging(**given)
    with pytest.raises(aa.exc.DatasetException, match=message):
        aa.DatasetInterface(given["data"], given["noise_map"])


@pytest.mark.parametrize("size", [1e-2, 1e40, 1e140])
def test_magnitudes_that_are_taken_have_an_evidence(size):
    dataset = problems.dataset_from()
    scaled = aa.Imaging(
        dataset.data * size,
        dataset.noise_map * size,
        dataset.psf,
        over_sample_size_lp=2,
        over_sample_size_pixelization=2,
    )
    assert np.isfinite(problems.fit_from(dataset=scaled, coefficient=1.0 / size).log_evidence)


def test_complex_parts_are_refused(xp):
    given = parts(xp)
    for name in ("data", "noise_map"):
        with pytest.raises(aa.exc.DatasetException, match=f"{name}: expected real numbers, found complex128"):
            aa.Imaging(**(given | {name: given[name].astype(complex)}))
    kernel = aa.Array2D.ones((3, 3), SCALE).astype(complex)
    with pytest.raises(aa.exc.KernelException, match="kernel: expected real numbers, found complex128"):
        aa.Convolver(kernel)
    for covariance in (np.eye(25) * 1j, np.full((25, 25), None)):
        with pytest.raises(aa.exc.DatasetException, match="noise_covariance_matrix: expected"):
            aa.Imaging(**given, noise_covariance_matrix=covariance)


def test_the_first_bad_entry_of_a_covariance_is_named():
    covariance = np.eye(25)
    covariance[2, 7] = NAN
    with pytest.raises(aa.exc.DatasetException, match=r"noise_covariance_matrix: .* the first at \(2, 7\)"):
        aa.Imaging(**parts(), noise_covariance_matrix=covariance)


def test_the_values_of_an_interface_are_checked(xp):
    for name, value, message in (("data", NAN, "finite"), ("noise_map", 0.0, "positive"), ("noise_map", INF, "finite")):
        given = parts(xp, **{name: changed(1.0, value)})
        with pytest.raises(aa.exc.DatasetException, match=rf"DatasetInterface\.{name}: expected {message} values"):
            aa.DatasetInterface(given["data"], given["noise_map"])


def test_traced_values_are_not_looked_at():
    given = parts()

    @jax.jit
    def noise_of(values):
        noise_map = aa.Array2D(values, given["data"].mask)
        return (
            aa.DatasetInterface(given["data"], noise_map).noise_map.array
            + aa.Imaging(given["data"], noise_map).noise_map.array
        )

    assert np.isnan(noise_of(jnp.full(25, NAN))).all()


@pytest.mark.parametrize("scale", [2.0 * SCALE, (SCALE, 1.01 * SCALE)])
def test_a_psf_of_another_pixel_scale_is_refused(scale):
    given = parts() | {"psf": aa.Convolver.no_blur(pixel_scales=scale)}
    with pytest.raises(aa.exc.KernelException, match=r"psf: expected the pixel scales \(0\.1, 0\.1\), .*, found \("):
        aa.Imaging(**given)
    with pytest.raises(aa.exc.KernelException, match=r"ImagingSparseOperator\.psf: expected the pixel scales"):
        aa.ImagingSparseOperator(given["data"], given["noise_map"], given["psf"])
    image = aa.Array2D.ones((9, 9), SCALE)
    with pytest.raises(aa.exc.KernelException, match="psf: expected the pixel scales"):
        aa.SimulatorImaging(100.0, 1.0, psf=given["psf"], noise_seed=1).via_image_from(image)


def test_an_over_sampled_psf_has_finer_pixels():
    given = parts() | {"over_sample_size_lp": 2, "over_sample_size_pixelization": 2}
    finer = {"convolve_over_sample_size_lp": 2, "convolve_over_sample_size_pixelization": 2}
    fine = aa.Convolver.no_blur(pixel_scales=SCALE / 2)
    assert aa.Imaging(**(given | {"psf": fine}), **finer).psf.convolve_over_sample_size == 2
    with pytest.raises(aa.exc.KernelException, match=r"pixel scales \(0\.05, 0\.05\), .*size=2, found \(0\.1, 0\.1\)"):
        aa.Imaging(**given, **finer)


def test_pixel_scales_that_a_header_rounded_are_taken():
    rounded = aa.Convolver.no_blur(pixel_scales=float(np.float32(SCALE)))
    assert aa.Imaging(**(parts() | {"psf": rounded})).psf.kernel.pixel_scales != (SCALE, SCALE)


def test_kernels():
    big = np.full((3, 3), 1e200)
    with pytest.raises(
        aa.exc.KernelException, match=r"kernel: expected values of at most 1\.34e\+151, .* found 1e\+200"
    ):
        aa.Convolver(aa.Array2D.no_mask(big, SCALE), normalize=True)
    for name, value in (("sigma", 0.0), ("sigma", NAN), ("axis_ratio", 0.0), ("angle", INF), ("centre", (NAN, 0.0))):
        arguments = {"shape_native": (3, 3), "pixel_scales": SCALE, "sigma": 0.1} | {name: value}
        with pytest.raises(aa.exc.KernelException, match=rf"{name}.*: expected .*, found"):
            aa.Convolver.from_gaussian(**arguments)


def test_numbers_of_a_simulator_and_of_noise():
    dataset = problems.dataset_from()
    mask = dataset.mask
    refused = [
        (lambda: aa.SimulatorImaging(INF), "exposure_time: expected a positive number, found inf"),
        (lambda: aa.SimulatorImaging("long"), "exposure_time: expected a positive number, found 'long'"),
        (lambda: aa.SimulatorImaging(1.0, NAN), "background_sky_level: expected a finite number, found nan"),
        (lambda: aa.SimulatorImaging(1.0, noise_seed=1.5), r"noise_seed: expected a whole number .*, found 1\.5"),
        (lambda: aa.SimulatorImaging(1.0, psf=3), "psf: expected a Convolver or None, found 3"),
        (lambda: dataset.apply_noise_scaling(mask, "loud"), "noise_value: expected a positive number, found loud"),
        (lambda: dataset.apply_noise_scaling(mask, signal_to_noise_value=0.0), "signal_to_noise_value: expected"),
        (lambda: dataset.apply_sparse_operator(batch_size="all"), "batch_size: expected at least 1, found 'all'"),
        (lambda: dataset.apply_sparse_operator(batch_size=2.5), "batch_size: expected a whole number"),
        (lambda: dataset.apply_mask(np.ones(3)), "mask: expected a Mask2D, found"),
        (lambda: aa.Imaging(**parts(), sparse_operator="yes"), "sparse_operator: expected an ImagingSparseOperator"),
        (lambda: aa.DatasetInterface(np.ones(3), np.ones(3)), r"DatasetInterface\.data: expected an Array2D"),
        (lambda: aa.DatasetInterface(dataset.data, parts()["data"]), "noise_map: expected the shape"),
        (lambda: aa.DatasetInterface(dataset.data, dataset.noise_map, psf=1), "psf: expected a Convolver or None"),
        (
            lambda: aa.DatasetInterface(dataset.data, dataset.noise_map, noise_covariance_matrix=np.eye(3)),
            r"noise_covariance_matrix: expected the shape \(154, 154\), found \(3, 3\)",
        ),
        (lambda: aa.preprocess.edges_from(dataset.data, 9), "no_edges: expected at most 8 rings"),
        (lambda: aa.preprocess.gaussian_noise_via_shape_and_sigma_from((2,), NAN), "sigma: expected a finite number"),
        (lambda: aa.preprocess.poisson_noise_via_data_eps_from([1e30], 1.0), r"at most 9\.2e18 counts"),
    ]
    for call, message in refused:
        with pytest.raises(aa.exc.DatasetException, match=message):
            call()
