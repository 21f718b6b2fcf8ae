"""What the demonstration can be asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from serialization._cli.demo.lens import Lens

# The standard mask of the image that `--data` is most often used with, and one that suits the
# smaller field that is simulated otherwise.
MASK_RADIUS_OF_DATA = 3.5
MASK_RADIUS_OF_SIMULATION = 2.6


@dataclass(frozen=True)
class Options:
    """The options of one run; the command line has one of the same name for each.

    Parameters
    ----------
    data
        The folder with `data.fits`, `noise_map.fits` and `psf.fits`, or None to simulate them.
    out
        The folder that everything is written to.
    pixel_scales
        The size of a pixel, in arc-seconds.
    mask_radius
        The radius of the circular mask, in arc-seconds.
    mesh, mesh_shape
        "adaptive" or "uniform", and its pixels along (y, x).
    coefficient
        The coefficient of the constant regularization.
    over_sampling
        Sub-pixels along each side of a pixel.
    lens
        The mass model that traces the image to the source plane.
    lens_light
        Whether the light of the lens galaxy is fitted and subtracted first.
    interferometer, visibilities
        Whether visibilities are fitted rather than an image, and how many are simulated.
    backends
        The backends to fit on, in this order; one that is not installed is left out.
    """

    out: Path = Path("demo")
    data: Path | None = None
    pixel_scales: float = 0.05
    mask_radius: float = MASK_RADIUS_OF_SIMULATION
    mesh: str = "adaptive"
    mesh_shape: tuple[int, int] = (30, 30)
    coefficient: float = 1.0
    over_sampling: int = 2
    lens: Lens = field(default_factory=Lens)
    lens_light: bool = False
    interferometer: bool = False
    visibilities: int = 20_000
    backends: tuple[str, ...] = ("numpy", "jax")

    def __post_init__(self) -> None:
        if not self.pixel_scales > 0.0:
            raise ValueError(f"--pixel-scales: expected a positive number of arc-seconds, found {self.pixel_scales}")
        if not self.mask_radius > 0.0:
            raise ValueError(f"--mask-radius: expected a positive number of arc-seconds, found {self.mask_radius}")
        if not self.coefficient > 0.0:
            raise ValueError(f"--coefficient: expected a positive number, found {self.coefficient}")
        if self.visibilities < 1:
            raise ValueError(f"--visibilities: expected at least 1, found {self.visibilities}")
        if self.interferometer and self.lens_light:
            raise ValueError("--lens-light: expected none with --interferometer, found sersic")
        if self.over_sampling < 1:
            raise ValueError(f"--over-sampling: expected at least 1 sub-pixel, found {self.over_sampling}")
