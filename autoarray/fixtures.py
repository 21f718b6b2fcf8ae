"""Small datasets, meshes and inversions for tests: `from autoarray.fixtures import *`.

Most are images of 7 x 7 pixels of one arc-second, of which a mask leaves the 3 x 3 pixels in the middle.
"""

import warnings
from typing import Any

import numpy as np

import autoarray as aa

# ------------------------------------------------------------------ masks and structures


def make_mask_1d_7():
    """A line of 7 pixels, of which 3 in the middle are unmasked."""
    return aa.Mask1D([True, True, False, False, False, True, True], pixel_scales=1.0)


def make_mask_2d_7x7():
    """7 x 7 pixels, of which 3 x 3 in the middle are unmasked."""
    mask = np.full((7, 7), True)
    mask[2:5, 2:5] = False
    return aa.Mask2D(mask, pixel_scales=(1.0, 1.0))


def make_mask_2d_7x7_1_pix():
    """7 x 7 pixels, of which the one in the middle is unmasked."""
    mask = np.full((7, 7), True)
    mask[3, 3] = False
    return aa.Mask2D(mask, pixel_scales=(1.0, 1.0))


def make_blurring_mask_2d_7x7():
    """The 16 pixels around those of `make_mask_2d_7x7`."""
    mask = np.full((7, 7), True)
    mask[1:6, 1:6] = False
    mask[2:5, 2:5] = True
    return aa.Mask2D(mask, pixel_scales=(1.0, 1.0))


def make_array_1d_7():
    """A line of 7 ones."""
    return aa.Array1D.ones(shape_native=(7,), pixel_scales=(1.0,))


def make_array_2d_7x7():
    """An image of ones."""
    return aa.Array2D.ones(shape_native=(7, 7), pixel_scales=(1.0, 1.0))


def make_array_2d_rgb_7x7():
    """A colour image of ones."""
    return aa.Array2DRGB(values=np.ones((7, 7, 3)), mask=make_mask_2d_7x7())


def make_layout_2d_7x7():
    """A CCD with overscans and a prescan of one pixel."""
    return aa.Layout2D(
        shape_2d=(7, 7),
        original_roe_corner=(1, 0),
        serial_overscan=(0, 6, 6, 7),
        serial_prescan=(0, 7, 0, 1),
        parallel_overscan=(6, 7, 1, 6),
    )


def make_grid_1d_7():
    """The unmasked pixels of `make_mask_1d_7`."""
    return aa.Grid1D.from_mask(mask=make_mask_1d_7())


def make_grid_2d_7x7():
    """The unmasked pixels of `make_mask_2d_7x7`."""
    return aa.Grid2D.from_mask(mask=make_mask_2d_7x7())


def make_grid_2d_sub_1_7x7():
    """The unmasked pixels of `make_mask_2d_7x7`, not over-sampled."""
    return aa.Grid2D.from_mask(mask=make_mask_2d_7x7(), over_sample_size=1)


def make_grid_2d_sub_2_7x7():
    """The unmasked pixels of `make_mask_2d_7x7`, with 2 x 2 sub-pixels in each."""
    return aa.Grid2D.from_mask(mask=make_mask_2d_7x7(), over_sample_size=2)


def make_grid_2d_7x7_simple():
    """`make_grid_2d_7x7` with four of its coordinates replaced by positive whole numbers."""
    grid = make_grid_2d_7x7()
    values = np.array(grid.array)
    values[:4] = [[1.0, 1.0], [1.0, 0.0], [1.0, 1.0], [1.0, 0.0]]
    return aa.Grid2D(values=values, mask=grid.mask)


def make_blurring_grid_2d_7x7():
    """The pixels of `make_blurring_mask_2d_7x7`."""
    return aa.Grid2D.from_mask(mask=make_blurring_mask_2d_7x7())


def make_grid_2d_irregular_7x7():
    """Two coordinates."""
    return aa.Grid2DIrregular(values=[(0.1, 0.1), (0.2, 0.2)])


def make_grid_2d_irregular_7x7_list():
    """Two grids, of two coordinates and of one."""
    return [aa.Grid2DIrregular(values=[(0.1, 0.1), (0.2, 0.2)]), aa.Grid2DIrregular(values=[(0.3, 0.3)])]


def make_over_sampler_2d_7x7():
    """2 x 2 sub-pixels in each unmasked pixel of `make_mask_2d_7x7`."""
    return aa.OverSampler(mask=make_mask_2d_7x7(), sub_size=2)


def make_border_relocator_2d_7x7():
    """The border of `make_mask_2d_7x7` and of its sub-pixels."""
    return aa.BorderRelocator(mask=make_mask_2d_7x7(), sub_size=np.array(9 * [2]))


# ------------------------------------------------------------------ imaging


def make_psf_3x3():
    """A cross, not normalized."""
    kernel = aa.Array2D.no_mask([[0.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 0.0]], pixel_scales=1.0)
    return aa.Convolver(kernel=kernel)


def make_psf_3x3_no_blur():
    """A kernel that changes nothing."""
    return aa.Convolver.no_blur(pixel_scales=1.0)


def make_image_7x7():
    """An image of ones."""
    return aa.Array2D.ones(shape_native=(7, 7), pixel_scales=(1.0, 1.0))


def make_noise_map_7x7():
    """A noise map of twos."""
    return aa.Array2D.full(fill_value=2.0, shape_native=(7, 7), pixel_scales=(1.0, 1.0))


def make_noise_covariance_matrix_7x7():
    """The covariance of noise of one, of shape (49, 49): each pixel's goes with that of the central one."""
    matrix = np.identity(49)
    matrix[24, :] = matrix[:, 24] = 1.0
    return matrix


def make_model_image_7x7():
    """An image of fives on `make_mask_2d_7x7`."""
    mask = make_mask_2d_7x7()
    return aa.Array2D(values=np.full(mask.pixels_in_mask, 5.0), mask=mask)


def _imaging(psf, over_sample_size_lp):
    return aa.Imaging(
        data=make_image_7x7(), psf=psf, noise_map=make_noise_map_7x7(), over_sample_size_lp=over_sample_size_lp
    )


def make_imaging_7x7():
    """An image of ones with a PSF."""
    return _imaging(make_psf_3x3(), over_sample_size_lp=1)


def make_imaging_7x7_sub_2():
    """`make_imaging_7x7` with 2 x 2 sub-pixels in each pixel for light profiles."""
    return _imaging(make_psf_3x3(), over_sample_size_lp=2)


def make_imaging_7x7_no_blur():
    """`make_imaging_7x7` with a PSF that changes nothing."""
    return _imaging(make_psf_3x3_no_blur(), over_sample_size_lp=1)


def make_imaging_7x7_no_blur_sub_2():
    """`make_imaging_7x7_no_blur` with 2 x 2 sub-pixels in each pixel for light profiles."""
    return _imaging(make_psf_3x3_no_blur(), over_sample_size_lp=2)


def make_imaging_covariance_7x7():
    """An image of ones with the covariance of its noise."""
    return aa.Imaging(
        data=make_image_7x7(),
        psf=make_psf_3x3(),
        noise_covariance_matrix=make_noise_covariance_matrix_7x7(),
        over_sample_size_lp=1,
    )


def make_masked_imaging_7x7():
    """`make_imaging_7x7` with `make_mask_2d_7x7`."""
    return make_imaging_7x7().apply_mask(mask=make_mask_2d_7x7())


def make_masked_imaging_7x7_no_blur():
    """`make_imaging_7x7_no_blur` with `make_mask_2d_7x7`."""
    return make_imaging_7x7_no_blur().apply_mask(mask=make_mask_2d_7x7())


def make_masked_imaging_7x7_no_blur_sub_2():
    """`make_imaging_7x7_no_blur_sub_2` with `make_mask_2d_7x7`."""
    return make_imaging_7x7_no_blur_sub_2().apply_mask(mask=make_mask_2d_7x7())


def make_masked_imaging_covariance_7x7():
    """`make_imaging_covariance_7x7` with `make_mask_2d_7x7`."""
    return make_imaging_covariance_7x7().apply_mask(mask=make_mask_2d_7x7())


def make_imaging_fit_x1_plane_7x7():
    """A fit of fives to `make_masked_imaging_7x7`."""
    return aa.m.MockFitImaging(
        dataset=make_masked_imaging_7x7(), use_mask_in_fit=False, model_data=make_model_image_7x7()
    )


# ------------------------------------------------------------------ interferometry


def make_visibilities_7():
    """Seven visibilities of 1 + 1i."""
    return aa.Visibilities.full(shape_slim=(7,), fill_value=1.0)


def make_visibilities_noise_map_7():
    """A noise map of 2 + 2i."""
    return aa.VisibilitiesNoiseMap.full(shape_slim=(7,), fill_value=2.0)


def make_uv_wavelengths_7x2():
    """Seven baselines in wavelengths."""
    return np.array(
        [
            [-55636.4609375, 171376.90625],
            [-6903.21923828, 51155.578125],
            [-63488.4140625, 4141.28369141],
            [55502.828125, 47016.7265625],
            [54160.75390625, -99354.1796875],
            [-9327.66308594, -95212.90625],
            [0.0, 0.0],
        ]
    )


def make_uv_wavelengths_7x2_no_fft():
    """Seven baselines of one wavelength."""
    return np.ones((7, 2))


def make_transformer_7x7_7():
    """A direct Fourier transform of `make_mask_2d_7x7`."""
    return aa.TransformerDFT(uv_wavelengths=make_uv_wavelengths_7x2(), real_space_mask=make_mask_2d_7x7())


def _interferometer(uv_wavelengths, transformer_class):
    with warnings.catch_warnings():
        # Neither one wavelength nor 171,000 suit pixels of one arc-second; these baselines are those of PyAutoArray.
        warnings.simplefilter("ignore", aa.exc.DatasetWarning)
        return aa.Interferometer(
            data=make_visibilities_7(),
            noise_map=make_visibilities_noise_map_7(),
            uv_wavelengths=uv_wavelengths,
            real_space_mask=make_mask_2d_7x7(),
            transformer_class=transformer_class,
        )


def make_interferometer_7():
    """Seven visibilities, with a direct Fourier transform."""
    return _interferometer(make_uv_wavelengths_7x2(), aa.TransformerDFT)


def make_interferometer_7_grid():
    """The same as `make_interferometer_7`."""
    return _interferometer(make_uv_wavelengths_7x2(), aa.TransformerDFT)


def make_interferometer_7_no_fft():
    """Seven visibilities of baselines of one wavelength."""
    return _interferometer(make_uv_wavelengths_7x2_no_fft(), aa.TransformerDFT)


def make_interferometer_7_lop():
    """Seven visibilities, with a non-uniform fast Fourier transform."""
    return _interferometer(make_uv_wavelengths_7x2(), aa.TransformerNUFFT)


def make_fit_interferometer_7():
    """A fit of visibilities of 5 + 5i to `make_interferometer_7`."""
    model_data = aa.Visibilities.full(shape_slim=(7,), fill_value=5.0)
    return aa.m.MockFitInterferometer(dataset=make_interferometer_7(), use_mask_in_fit=False, model_data=model_data)


# ------------------------------------------------------------------ regularizations, mappers and inversions


def make_regularization_constant():
    """`Constant`."""
    return aa.reg.Constant(coefficient=1.0)


def make_regularization_constant_split():
    """`ConstantSplit`."""
    return aa.reg.ConstantSplit(coefficient=1.0)


def make_regularization_adaptive_brightness():
    """`Adapt`."""
    return aa.reg.Adapt(inner_coefficient=0.1, outer_coefficient=10.0, signal_scale=0.5)


def make_regularization_adaptive_brightness_split():
    """`AdaptSplit`."""
    return aa.reg.AdaptSplit(inner_coefficient=0.1, outer_coefficient=10.0, signal_scale=0.5)


def make_regularization_gaussian_kernel():
    """`GaussianKernel`."""
    return aa.reg.GaussianKernel(coefficient=1.0, scale=0.5)


def make_regularization_exponential_kernel():
    """`ExponentialKernel`."""
    return aa.reg.ExponentialKernel(coefficient=1.0, scale=0.5)


def make_regularization_matern_kernel():
    """`MaternKernel`."""
    return aa.reg.MaternKernel(coefficient=1.0, scale=0.5, nu=0.7)


def _adapt_data():
    return aa.Array2D.ones(shape_native=(3, 3), pixel_scales=0.1)


def make_rectangular_mapper_7x7_3x3():
    """A uniform mesh of 3 x 3 pixels over `make_grid_2d_sub_2_7x7`."""
    interpolator = aa.mesh.RectangularUniform(shape=(3, 3)).interpolator_from(
        source_plane_data_grid=make_grid_2d_sub_2_7x7(), source_plane_mesh_grid=None, adapt_data=_adapt_data()
    )
    return aa.Mapper(interpolator=interpolator, regularization=make_regularization_constant())


def _mapper_of_vertices(mesh):
    vertices = [
        [0.6, -0.3],
        [0.5, -0.8],
        [0.2, 0.1],
        [0.0, 0.5],
        [-0.3, -0.8],
        [-0.6, -0.5],
        [-0.4, -1.1],
        [-1.2, 0.8],
        [-1.5, 0.9],
    ]
    interpolator = mesh.interpolator_from(
        source_plane_data_grid=make_grid_2d_sub_2_7x7(),
        source_plane_mesh_grid=aa.Grid2D.no_mask(values=vertices, shape_native=(3, 3), pixel_scales=1.0),
        adapt_data=_adapt_data(),
    )
    image_plane_mesh_grid: Any = aa.Grid2D.uniform(shape_native=(3, 3), pixel_scales=0.1)
    return aa.Mapper(
        interpolator=interpolator,
        regularization=make_regularization_constant(),
        image_plane_mesh_grid=image_plane_mesh_grid,
    )


def make_delaunay_mapper_9_3x3():
    """A Delaunay mesh of 9 vertices over `make_grid_2d_sub_2_7x7`."""
    return _mapper_of_vertices(aa.mesh.Delaunay(pixels=9))


def make_knn_mapper_9_3x3():
    """A nearest-neighbor mesh of 9 vertices over `make_grid_2d_sub_2_7x7`."""
    return _mapper_of_vertices(aa.mesh.KNearestNeighbor(pixels=9, split_neighbor_division=1))


def make_rectangular_inversion_7x7_3x3():
    """The inversion of `make_masked_imaging_7x7` on `make_rectangular_mapper_7x7_3x3`."""
    return aa.Inversion(dataset=make_masked_imaging_7x7(), linear_obj_list=[make_rectangular_mapper_7x7_3x3()])


def make_delaunay_inversion_9_3x3():
    """The inversion of `make_masked_imaging_7x7` on `make_delaunay_mapper_9_3x3`."""
    return aa.Inversion(dataset=make_masked_imaging_7x7(), linear_obj_list=[make_delaunay_mapper_9_3x3()])


# ------------------------------------------------------------------ images of CCDs


def make_euclid_data():
    """A quadrant of a CCD of Euclid's VIS."""
    return np.zeros((2086, 2128))


def make_acs_ccd():
    """A CCD of the Advanced Camera for Surveys of the Hubble Space Telescope."""
    return np.zeros((2068, 4144))


def make_acs_quadrant():
    """A quadrant of `make_acs_ccd`."""
    return np.zeros((2068, 2072))
