"""Fit the visibilities of an interferometer, and carry on without them.

python examples/fit_visibilities.py
"""

import numpy as np

import autoarray as aa
import serialization

mask = aa.Mask2D.circular(shape_native=(60, 60), pixel_scales=0.1, radius=2.5)
uv = np.random.default_rng(1).uniform(-9e5, 9e5, size=(5000, 2))

# A ring of light, as an array of antennas measures it.
radius = np.hypot(*aa.Grid2D.from_mask(mask=mask).array.T)
image = aa.Array2D(values=np.exp(-((radius - 1.2) ** 2) / 0.05), mask=mask)
simulator = aa.SimulatorInterferometer(uv_wavelengths=uv, exposure_time=3600.0, noise_sigma=20.0, noise_seed=2)
dataset = simulator.via_image_from(image)


def fit_from(dataset: aa.Interferometer) -> aa.FitInterferometer:
    """The fit of a source on a mesh, which is the sky itself here."""
    mesh = aa.mesh.RectangularUniform(shape=(20, 20))
    mapper = aa.Mapper(
        interpolator=mesh.interpolator_from(dataset.grids.pixelization),
        regularization=aa.reg.Constant(coefficient=1.0),
    )
    return aa.FitInterferometer(dataset, inversion=aa.Inversion(dataset, [mapper]))


fit = fit_from(dataset)
print(f"{uv.shape[0]} visibilities: log evidence {fit.log_evidence:.3f}, chi squared {fit.reduced_chi_squared:.3f}")

# The same numbers from what the visibilities add up to: any number of them in the memory of one image.
chunks = ((uv[i : i + 1000], dataset.data[i : i + 1000], dataset.noise_map[i : i + 1000]) for i in range(0, 5000, 1000))
stream = aa.Interferometer.from_stream(chunks, mask)
small = fit_from(stream)
print(f"from a stream: log evidence {small.log_evidence:.3f}")
print(f"{len(serialization.dumps(fit)):,} bytes with visibilities, {len(serialization.dumps(small)):,} without")
