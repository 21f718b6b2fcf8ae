"""`autoarray-state demo`: its arguments, and how they become the options of a run."""

from __future__ import annotations

import argparse
from pathlib import Path

from serialization._autoarray import require_own


def add_parser(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "demo",
        parents=[shared],
        help="fit an image on NumPy and JAX, carry the fits to a process and to disk, and draw one",
        description="Fit an image on NumPy and JAX, carry each fit to another process and to disk, compare what "
        "arrives, and draw the fit. Without --data a lensed source is simulated.",
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="folder with data.fits, noise_map.fits and psf.fits (default: simulate them)",
    )
    parser.add_argument(
        "--out", type=Path, default=Path("demo"), metavar="DIR", help="folder to write to (default: %(default)s)"
    )
    parser.add_argument(
        "--interferometer",
        action="store_true",
        help="fit visibilities, of visibilities.fits, noise_map.fits and uv_wavelengths.fits, rather than an image",
    )
    parser.add_argument(
        "--visibilities", type=int, default=20_000, metavar="N", help="how many to simulate (default: %(default)s)"
    )
    image = parser.add_argument_group("image")
    image.add_argument(
        "--pixel-scales", type=float, default=0.05, metavar="ARCSEC", help="size of a pixel (default: %(default)s)"
    )
    image.add_argument(
        "--mask-radius",
        type=float,
        default=argparse.SUPPRESS,
        metavar="ARCSEC",
        help="radius of the circular mask (default: 3.5 with --data, else 2.6)",
    )
    image.add_argument(
        "--lens-light",
        choices=("sersic", "none"),
        default=argparse.SUPPRESS,
        help="what to fit to the light of the lens galaxy and subtract (default: sersic with --data, else none)",
    )
    lens = parser.add_argument_group("lens: an isothermal ellipsoid with external shear")
    lens.add_argument(
        "--centre", type=float, nargs=2, default=(0.0, 0.0), metavar=("Y", "X"), help="in arcsec (default: 0 0)"
    )
    lens.add_argument(
        "--einstein-radius",
        type=float,
        default=1.6,
        metavar="ARCSEC",
        help="mean of its semi-axes (default: %(default)s)",
    )
    lens.add_argument(
        "--axis-ratio", type=float, default=0.9, metavar="Q", help="minor over major axis (default: %(default)s)"
    )
    lens.add_argument(
        "--angle", type=float, default=45.0, metavar="DEG", help="counter-clockwise from x (default: %(default)s)"
    )
    lens.add_argument(
        "--shear",
        type=float,
        nargs=2,
        default=(0.05, 0.05),
        metavar=("G1", "G2"),
        help="components (default: 0.05 0.05)",
    )
    source = parser.add_argument_group("source")
    source.add_argument(
        "--mesh",
        choices=("adaptive", "uniform"),
        default="adaptive",
        help="kind of rectangular mesh (default: %(default)s)",
    )
    source.add_argument(
        "--mesh-shape", type=int, nargs=2, default=(30, 30), metavar=("Y", "X"), help="its pixels (default: 30 30)"
    )
    source.add_argument(
        "--coefficient",
        type=float,
        default=1.0,
        metavar="C",
        help="of the constant regularization (default: %(default)s)",
    )
    source.add_argument(
        "--over-sampling",
        type=int,
        default=2,
        metavar="N",
        help="sub-pixels along a pixel's side (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON, and the steps to standard error")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> bool:
    require_own("autoarray-state demo")
    from serialization._cli.demo.lens import Lens
    from serialization._cli.demo.options import MASK_RADIUS_OF_DATA, MASK_RADIUS_OF_SIMULATION, Options
    from serialization._cli.demo.run import run

    given = vars(arguments)
    simulated = arguments.data is None
    is_image = not arguments.interferometer
    options = Options(
        out=arguments.out,
        data=arguments.data,
        pixel_scales=arguments.pixel_scales,
        mask_radius=given.get("mask_radius", MASK_RADIUS_OF_SIMULATION if simulated else MASK_RADIUS_OF_DATA),
        interferometer=arguments.interferometer,
        visibilities=arguments.visibilities,
        mesh=arguments.mesh,
        mesh_shape=tuple(arguments.mesh_shape),
        coefficient=arguments.coefficient,
        over_sampling=arguments.over_sampling,
        lens=Lens(
            centre=tuple(arguments.centre),
            einstein_radius=arguments.einstein_radius,
            axis_ratio=arguments.axis_ratio,
            angle=arguments.angle,
            shear=tuple(arguments.shear),
        ),
        lens_light=given.get("lens_light", "none" if simulated or not is_image else "sersic") == "sersic",
    )
    return run(options, as_json=arguments.json)
