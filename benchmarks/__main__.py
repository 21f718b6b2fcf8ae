"""The command line: `python -m benchmarks fit`, `codec` and the others."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from benchmarks import cache, codec, fit, imports, jax_fit, plotter, scaling, transport


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Every figure beside a peer of the same run."
    )
    commands = top.add_subparsers(dest="command", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", metavar="DIR", help="folder of data.fits, noise_map.fits, psf.fits (0.05 arcsec)")
    shared.add_argument("--peer", metavar="PYTHON", help="interpreter of an environment with PyAutoArray 2026.10.26.1")
    shared.add_argument("--threads", type=int, help="threads of BLAS, OpenMP and numba on both sides")
    shared.add_argument("--json", metavar="FILE", help="write every figure to FILE")
    one = commands.add_parser("fit", parents=[shared], help="time and memory of the log evidence")
    one.add_argument("--repeat", type=int, default=5, help="evaluations after the first (default 5)")
    one.add_argument("--mesh", action="append", choices=list(fit.TARGETS), help="only this mesh")
    one.add_argument("--all", action="store_true", help="every mesh (default: uniform and adaptive)")
    one.add_argument("--peer-sparse", action="store_true", help="also the peer with its apply_sparse_operator_cpu")
    one.set_defaults(run=fit.run)
    four = commands.add_parser("jax", parents=[shared], help="time of the log evidence compiled by JAX")
    jax_fit.add_arguments(four)
    four.set_defaults(run=jax_fit.run)
    three = commands.add_parser("scaling", parents=[shared], help="how the time grows with data and mesh pixels")
    three.add_argument("--repeat", type=int, default=3, help="evaluations after the first (default 3)")
    three.add_argument("--mesh", action="append", choices=list(fit.TARGETS), help="only this mesh")
    three.add_argument("--plot", metavar="PNG", help="draw the curves into this file")
    three.set_defaults(run=scaling.run)
    two = commands.add_parser("codec", parents=[shared], help="size and time of writing and reading that fit")
    two.add_argument("--repeat", type=int, default=31, help="repetitions of each measurement (default 31)")
    two.add_argument("--mesh", default="uniform", choices=list(fit.TARGETS), help="the mesh of the fit")
    two.set_defaults(run=codec.run)
    five = commands.add_parser("cache", parents=[shared], help="a hit on that fit, against other caches")
    cache.add_arguments(five)
    six = commands.add_parser("transport", parents=[shared], help="that fit handed to another process")
    transport.add_arguments(six)
    seven = commands.add_parser("plotter", parents=[shared], help="that fit drawn while the search goes on")
    plotter.add_arguments(seven)
    eight = commands.add_parser("imports", help="time of importing each package")
    imports.add_arguments(eight)
    return top


def main(arguments: Sequence[str] | None = None) -> None:
    options = parser().parse_args(arguments)
    options.run(options)


if __name__ == "__main__":
    main()
