"""The reference cases of masks, grids, over-sampling, convolution and datasets.

`structures(aa)` asks the library that it is given. The peer zeroes the masked pixels of the very array that it is
given, so that every structure is given a copy.
"""

from __future__ import annotations

import numpy as np
import reference_cases as cases

SHAPES = {
    "circular": ((14, 14), 0.1, (0.0, 0.0)),
    "annular": ((19, 16), 0.05, (0.2, -0.35)),
    "irregular": ((18, 21), 0.1, (0.0, 0.0)),
}


def structures(aa):
    """{name: (inputs, outputs, about)}"""
    out = {}
    for name, (shape, scale, origin) in SHAPES.items():
        native = cases.mask_from(name, shape, scale, origin)
        mask = aa.Mask2D(mask=native, pixel_scales=scale, origin=origin)
        sizes = cases.sub_sizes("mixed", native)
        inputs = {"mask": native, "sub_size": sizes}
        outputs = mask_values(mask)
        outputs |= over_sampling_values(aa, mask, sizes)
        kernel, image, matrix = convolution_inputs(shape, native)
        inputs |= {"kernel": kernel, "image": image, "mapping_matrix": matrix}
        outputs |= convolution_values(aa, mask, kernel, image, matrix)
        noise_map = 0.1 + 0.02 * np.abs(image)
        inputs["noise_map"] = noise_map
        outputs |= dataset_values(aa, mask, kernel, image, noise_map)
        out[name] = (inputs, outputs, {"pixel_scale": scale, "origin": list(origin)})
    out["masks"] = ({}, drawn_masks(aa), {})
    return out


def mask_values(mask):
    indexes, grids, masks = mask.derive_indexes, mask.derive_grid, mask.derive_mask
    values = {
        "mask_centre": mask.mask_centre,
        "pixels_in_mask": mask.pixels_in_mask,
        "extent": mask.geometry.extent,
        "central_scaled": mask.geometry.central_scaled_coordinates,
        "blurring_mask_3x5": masks.blurring_from(kernel_shape_native=(3, 5)),
    }
    for name in ("unmasked_slim", "masked_slim", "border_slim", "edge_slim"):
        values[f"indexes/{name}"] = getattr(indexes, name)
    for name in ("native_for_slim", "border_native", "edge_native"):
        values[f"indexes/{name}"] = getattr(indexes, name)
    for name in ("all_false", "edge", "border", "edge_buffed"):
        values[f"masks/{name}"] = getattr(masks, name)
    for name in ("all_false", "unmasked", "edge", "border"):
        values[f"grids/{name}"] = getattr(grids, name)
    return values


def over_sampling_values(aa, mask, sizes):
    values = {}
    for name, size in (("1", 1), ("2", 2), ("4", 4), ("mixed", aa.Array2D(values=sizes, mask=mask))):
        grid = aa.Grid2D.from_mask(mask=mask, over_sample_size=size)
        values[f"over_sampled/{name}"] = grid.over_sampled
        fine = np.asarray(grid.over_sampled.array)
        values[f"binned/{name}"] = grid.over_sampler.binned_array_2d_from(
            array=fine[:, 0] ** 2 + np.cos(3 * fine[:, 1])
        )
    return values


def convolution_inputs(shape, native):
    """A kernel without symmetry, an image, and a matrix of four source pixels."""
    y, x = cases.pixel_centres(shape, 1.0)
    image = 1.0 + np.sin(0.7 * y + 0.2) * np.cos(0.4 * x - 0.1) + 0.03 * x
    rows = np.arange((~native).sum())[:, None]
    matrix = np.abs(np.sin(rows * 0.37 + np.arange(4)[None, :] * 1.3))
    matrix[matrix < 0.4] = 0.0
    return cases.skewed_kernel((3, 5)), image, matrix


def convolution_values(aa, mask, kernel, image, matrix):
    scales = mask.pixel_scales
    convolver = aa.Convolver(kernel=aa.Array2D.no_mask(values=kernel, pixel_scales=scales))
    blurring_mask = mask.derive_mask.blurring_from(kernel_shape_native=kernel.shape)
    inside = aa.Array2D(values=image.copy(), mask=mask)
    around = aa.Array2D(values=image.copy(), mask=blurring_mask)
    values = {
        "convolved_image": convolver.convolved_image_from(image=inside, blurring_image=around),
        "convolved_mapping_matrix": convolver.convolved_mapping_matrix_from(mapping_matrix=matrix.copy(), mask=mask),
        "blurring_mask": blurring_mask,
    }
    gaussian = aa.Convolver.from_gaussian(
        shape_native=(5, 7), pixel_scales=0.1, sigma=0.13, axis_ratio=0.7, angle=35.0, normalize=True
    )
    return values | {"gaussian_kernel": gaussian.kernel.native}


def dataset_values(aa, mask, kernel, image, noise_map):
    whole = {"pixel_scales": mask.pixel_scales, "origin": mask.origin}
    dataset = aa.Imaging(
        data=aa.Array2D.no_mask(values=image.copy(), **whole),
        noise_map=aa.Array2D.no_mask(values=noise_map, **whole),
        # twice the kernel: a dataset normalises its point spread function
        psf=aa.Convolver(kernel=aa.Array2D.no_mask(values=2.0 * kernel, pixel_scales=mask.pixel_scales)),
        over_sample_size_lp=2,
        over_sample_size_pixelization=4,
    )
    masked = dataset.apply_mask(mask=mask)
    values = {
        "dataset/psf": dataset.psf.kernel.native,
        "dataset/signal_to_noise_map": masked.signal_to_noise_map,
        "dataset/signal_to_noise_max": masked.signal_to_noise_max,
        "dataset/lp": masked.grids.lp,
        "dataset/lp_over_sampled": masked.grids.lp.over_sampled,
        "dataset/pixelization_over_sampled": masked.grids.pixelization.over_sampled,
        "dataset/blurring": masked.grids.blurring,
        "dataset/blurring_over_sampled": masked.grids.blurring.over_sampled,
    }
    for name, options in (
        ("noise_value", {"noise_value": 1.0e5}),
        ("noise_value_data_kept", {"noise_value": 1.0e5, "should_zero_data": False}),
        ("signal_to_noise", {"signal_to_noise_value": 0.1, "should_zero_data": False}),
    ):
        scaled = dataset.apply_noise_scaling(mask=mask, **options)
        values[f"scaled/{name}/data"] = scaled.data.native
        values[f"scaled/{name}/noise_map"] = scaled.noise_map.native
    return values


def drawn_masks(aa):
    """Masks drawn by the library, on a grid whose pixel centres tie with no outline."""
    whole = {"shape_native": (17, 20), "pixel_scales": 0.1}
    return {
        "circular": aa.Mask2D.circular(radius=0.53, **whole),
        "circular_off_centre": aa.Mask2D.circular(radius=0.47, centre=(0.13, -0.22), **whole),
        "circular_inverted": aa.Mask2D.circular(radius=0.53, invert=True, **whole),
        "annular": aa.Mask2D.circular_annular(inner_radius=0.23, outer_radius=0.61, centre=(-0.07, 0.11), **whole),
        "elliptical": aa.Mask2D.elliptical(
            major_axis_radius=0.67, axis_ratio=0.6, angle=37.0, centre=(0.04, 0.03), **whole
        ),
        "all_false": aa.Mask2D.all_false(**whole),
        "radial_bins": radial_bins(aa, whole),
    }


def radial_bins(aa, whole):
    """Over-sample sizes that fall with the distance from a centre."""
    mask = aa.Mask2D.circular(radius=0.62, **whole)
    return aa.util.over_sample.over_sample_size_via_radial_bins_from(
        grid=aa.Grid2D.from_mask(mask=mask),
        sub_size_list=[8, 4, 2],
        radial_list=[0.21, 0.43],
        centre_list=[(0.03, -0.04)],
    )
