"""`autoarray-state plot`: draws what a file holds."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from serialization._autoarray import require_own
from serialization._cli.files import add_loading, load_any, options_from, type_name
from serialization._cli.output import print_json

FORMATS = ("png", "pdf", "svg")


def add_parser(commands: argparse._SubParsersAction, shared: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "plot",
        parents=[shared],
        help="draw the fit, inversion, dataset, mesh or array in a file",
        description="Draw what an .aas file or an old pickle holds, as a PNG, PDF or SVG file: a fit, an inversion, an "
        "imaging dataset, a mapper or the geometry of a mesh, an array, or a grid. Of a dictionary, list or tuple the "
        "first of these that it holds is drawn, fits first.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the file to draw")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="PNG",
        help="the file to write; its suffix is the format, .png, .pdf or .svg (default: FILE with the suffix .png)",
    )
    parser.add_argument("--log", action="store_true", help="logarithmic colours of images")
    parser.add_argument("--dpi", type=int, default=130, metavar="N", help="dots per inch (default: %(default)s)")
    parser.add_argument("--force", action="store_true", help="replace the file to write if it exists")
    add_loading(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> bool:
    require_own("autoarray-state plot")
    out = arguments.out or arguments.file.with_suffix(".png")
    suffix = out.suffix.lower().lstrip(".")
    if suffix not in FORMATS:
        raise ValueError(f"--out: expected a file that ends in .png, .pdf or .svg, found {str(out)!r}")
    if arguments.dpi < 1:
        raise ValueError(f"--dpi: expected at least 1, found {arguments.dpi}")
    if out.exists() and not arguments.force:
        raise FileExistsError(f"{out} exists; --force replaces it")
    loaded, notes, _ = load_any(arguments.file, options_from(arguments, False))
    item = drawable_in(loaded)
    figure = _drawing_of(item)(item, arguments.log)

    from autoarray.plot._canvas.files import write_figure

    path = write_figure(figure, out, suffix, dpi=arguments.dpi)
    width, height = figure.get_size_inches() * arguments.dpi
    if arguments.json:
        report = {"file": str(arguments.file), "drawn": type_name(item), "out": str(path)}
        print_json(report | {"pixels": [round(width), round(height)], "notes": notes}, sys.stdout)
    else:
        for note in notes:
            print(f"{arguments.file}: note: {note}")
        print(f"{arguments.file}: {type_name(item)} drawn to {path}")
    return True


def drawable_in(loaded: object) -> object:
    """What is drawn of a loaded object: itself, or the first drawable object in a container.

    Raises
    ------
    TypeError
        If there is none; the message says what can be drawn.
    """
    items = [loaded]
    if isinstance(loaded, (list, tuple, dict)):
        items = list(loaded.values()) if isinstance(loaded, dict) else list(loaded)
    for types, _ in _drawings():
        for item in items:
            if isinstance(item, types):
                return item
    known = ", ".join(name for types, _ in _drawings() for name in dict.fromkeys(each.__name__ for each in types))
    held = type_name(loaded)
    if items != [loaded]:
        held += f" of {', '.join(dict.fromkeys(map(type_name, items))) or 'nothing'}"
    raise TypeError(f"expected an object that can be drawn ({known}), found {held}")


def _drawing_of(item: object) -> Callable[[Any, bool], Any]:
    return next(draw for types, draw in _drawings() if isinstance(item, types))


def _drawings() -> list[tuple[tuple[type, ...], Callable[[Any, bool], Any]]]:
    """What can be drawn, and how; of several objects the kind that comes first is."""
    import autoarray as aa
    from autoarray import plot
    from autoarray.inversion.mesh.interpolator.abstract import AbstractInterpolator
    from autoarray.inversion.mesh.mesh_geometry.abstract import AbstractMeshGeometry

    return [
        ((aa.FitImaging,), lambda fit, log: plot.subplot_fit_imaging(fit, use_log10=log)),
        ((aa.AbstractInversion,), lambda inversion, log: plot.subplot_of_mapper(inversion, use_log10=log)),
        ((aa.Imaging,), lambda dataset, log: plot.subplot_imaging_dataset(dataset, use_log10=log)),
        ((aa.Mapper,), lambda mapper, log: plot.plot_mapper(mapper)),
        ((AbstractInterpolator,), lambda interpolator, log: plot.plot_mesh(interpolator.mesh_geometry)),
        ((AbstractMeshGeometry,), lambda geometry, log: plot.plot_mesh(geometry)),
        ((aa.Array2D,), lambda array, log: plot.plot_array(array, use_log10=log)),
        ((aa.Convolver,), lambda psf, log: plot.plot_array(psf.kernel, title="PSF", use_log10=log)),
        ((aa.Mask2D,), lambda mask, log: plot.plot_array((~mask.array).astype(float), title="Unmasked pixels")),
        ((aa.Grid2D, aa.Grid2DIrregular), lambda grid, log: plot.plot_grid(grid)),
    ]
