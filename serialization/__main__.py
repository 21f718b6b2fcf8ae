"""The command `autoarray-state`, also `python -m serialization`.

Exit codes: 0, all is well; 1, a check failed (a delta that is not 0.0, a file that is not intact or
can't be loaded here); 2, the command line or its input can't be used; 130, interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autoarray import __version__

OK, CHECK_FAILED, UNUSABLE, INTERRUPTED = 0, 1, 2, 130
EXIT_CODES = """\
exit codes:
  0  all is well
  1  a check failed: a delta that is not 0.0, a file that is not intact or can't be loaded here
  2  the command line, or a file that it names, can't be used
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; errors are one line on standard error."""
    arguments = _parser().parse_args(argv)
    try:
        passed = arguments.run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("autoarray-state: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe has seen enough. What is still buffered must not fail at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception as error:
        if arguments.debug:
            traceback.print_exc()
        else:
            from serialization._cli_files import message_of

            print(f"autoarray-state: error: {message_of(error)}", file=sys.stderr)
        return UNUSABLE
    return OK if passed else CHECK_FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autoarray-state",
        description="Fits of lensed galaxies that travel: try one, look into a file, check or convert old ones.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"autoarray-portable {__version__}")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--debug", action="store_true", help="show the whole traceback of an error")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_demo(commands, shared)
    _add_inspect(commands, shared)
    _add_convert(commands, shared)
    _add_verify(commands, shared)
    return parser


def _add_demo(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:
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
    parser.set_defaults(run=_demo)


def _add_inspect(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:
    parser = commands.add_parser(
        "inspect",
        parents=[shared],
        help="show what an .aas file or an old pickle holds, without loading it",
        description="Show the types, versions and arrays of an .aas file, or of a pickle by pickle, cloudpickle or "
        "dill. Nothing is built from it, and nothing that it names is imported or run.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the file")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.set_defaults(run=_inspect)


def _add_convert(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:
    parser = commands.add_parser(
        "convert",
        parents=[shared],
        help="write old pickles, or old .aas files, as .aas files of today",
        description="Read pickles of earlier releases (by pickle, cloudpickle or dill), or older .aas files, and write "
        "each as an .aas file of the newest version. The inputs are left as they are; a file that can't be read does "
        "not stop the rest.",
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="OLD", help="a file to convert")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write to; made if need be")
    parser.add_argument("--force", action="store_true", help="overwrite files that are there already")
    parser.add_argument(
        "--verify", action="store_true", help="compute the stored results again, and refuse a file that disagrees"
    )
    _add_loading(parser)
    parser.set_defaults(run=_convert)


def _add_verify(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:
    parser = commands.add_parser(
        "verify",
        parents=[shared],
        help="check that files are intact, and that their stored results can be computed again",
        description="Check the digest of each .aas file, load it, and compute its stored results again; load each "
        "pickle, and compare the terms of the evidence that it stored with what its state gives. A term that differs "
        "by more than 1e-8 of its size fails.",
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="a file to check")
    _add_loading(parser)
    parser.set_defaults(run=_verify)


def _add_loading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--backend", choices=("numpy", "jax"), help="restore onto this backend (default: the one it was written on)"
    )
    parser.add_argument(
        "--written-by",
        metavar="RELEASE",
        help="the release of PyAutoArray that wrote the pickles, such as 2026.8.22.1, where they do not tell",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def _demo(arguments: argparse.Namespace) -> bool:
    from serialization._demo.lens import Lens
    from serialization._demo.options import MASK_RADIUS_OF_DATA, MASK_RADIUS_OF_SIMULATION, Options
    from serialization._demo.run import run

    given = vars(arguments)
    simulated = arguments.data is None
    options = Options(
        out=arguments.out,
        data=arguments.data,
        pixel_scales=arguments.pixel_scales,
        mask_radius=given.get("mask_radius", MASK_RADIUS_OF_SIMULATION if simulated else MASK_RADIUS_OF_DATA),
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
        lens_light=given.get("lens_light", "none" if simulated else "sersic") == "sersic",
    )
    return run(options)


def _inspect(arguments: argparse.Namespace) -> bool:
    from serialization._cli_inspect import inspect_file

    return inspect_file(arguments.file, arguments.json)


def _convert(arguments: argparse.Namespace) -> bool:
    from serialization._cli_convert import convert_files

    return convert_files(
        arguments.files,
        arguments.out,
        _options(arguments, arguments.verify),
        force=arguments.force,
        as_json=arguments.json,
        debug=arguments.debug,
    )


def _verify(arguments: argparse.Namespace) -> bool:
    from serialization._cli_verify import verify_files

    return verify_files(arguments.files, _options(arguments, True), arguments.json, arguments.debug)


def _options(arguments: argparse.Namespace, verify: bool) -> Any:
    from serialization._cli_files import Options

    return Options(backend=arguments.backend, written_by=arguments.written_by, verify=verify)


if __name__ == "__main__":
    sys.exit(main())
