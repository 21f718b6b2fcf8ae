"""The command line of the benchmarks: `python -m benchmarks fit`, `codec` and the others."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

from benchmarks import (
    cache,
    codec,
    fit,
    imports,
    interferometer,
    jax_fit,
    lens,
    live,
    partial,
    plotter,
    pool,
    scaling,
    transport,
)
from benchmarks.processes import add_peer

DESCRIPTION = "Speed, memory and sizes, each beside a peer of the same run."
EPILOG = "`python -m benchmarks COMMAND --help` lists the options; benchmarks/README.md explains every column."


def parser() -> argparse.ArgumentParser:
    """The parser of the command and its options."""
    top = argparse.ArgumentParser(prog="python -m benchmarks", description=DESCRIPTION, epilog=EPILOG)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", title="commands")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--data",
        metavar="DIR",
        type=os.path.abspath,  # each side runs in a folder of its own
        help="folder with data.fits, noise_map.fits and psf.fits, of the pixels of the size (default: simulated)",
    )
    add_peer(shared)
    shared.add_argument("--threads", type=int, metavar="N", help="threads of BLAS, OpenMP and numba on both sides")
    shared.add_argument("--json", metavar="FILE", help="write every figure to FILE")
    for name, module, parents, text in (
        ("fit", fit, [shared], "time and memory of the log evidence"),
        ("jax", jax_fit, [shared], "time of the log evidence compiled by JAX, its gradient and batches"),
        ("interferometer", interferometer, [shared], "time and memory of the log evidence of visibilities"),
        ("scaling", scaling, [shared], "growth of the time with data pixels and mesh pixels"),
        ("codec", codec, [shared], "size and time of writing and reading an evaluated fit"),
        ("partial", partial, [], "time of reading one array of a large file"),
        ("cache", cache, [shared], "time of a cache hit on an evaluated fit"),
        ("transport", transport, [shared], "time of handing an evaluated fit to another process"),
        ("pool", pool, [shared], "throughput and memory of many fits of one dataset in a pool of processes"),
        ("plotter", plotter, [shared], "time of submitting an evaluated fit to the process that draws"),
        ("live", live, [], "what live figures take from a search of PyAutoLens"),
        ("autolens", lens, [shared], "fits and a search of PyAutoLens, its decorators, and the bytes of its fits"),
        ("imports", imports, [], "time of importing each package"),
    ):
        command = commands.add_parser(name, parents=parents, help=text, description=f"{text[0].upper()}{text[1:]}.")
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return top


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one benchmark."""
    options = parser().parse_args(arguments)
    options.run(options)


if __name__ == "__main__":
    main()
