"""The figure of `python -m benchmarks scaling`: the curves of every mesh and side, with error bars and power laws."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.processes import OURS, PEER, PEER_SPARSE

# The colour (Okabe & Ito 2008, for any colour vision), the marker and the name of each side.
STYLES = {
    OURS: ("#0072B2", "o", "this library"),
    PEER: ("#D55E00", "s", "PyAutoArray 2026.10.26.1"),
    PEER_SPARSE: ("#009E73", "^", "PyAutoArray 2026.10.26.1, sparse operator"),
}
NAMES = {
    "uniform": "uniform",
    "adaptive": "adaptive (rank)",
    "adaptive_image": "adaptive image (rank)",
    "kernel": "adaptive (kernel)",
    "kernel_image": "adaptive image (kernel)",
    "delaunay": "Delaunay",
    "delaunay_nn": "DelaunayNN",
    "knn": "KNN",
    "knn_barycentric": "KNN barycentric",
}


def draw(path: str, record: dict[str, Any]) -> None:
    """Write the figure: a column for each mesh; above the growth with the data, below that with the mesh.

    A point is the best of its evaluations, and its bar reaches to their median. A line is the power law of a curve
    where it is resolved; the figure beside it is its exponent.
    """
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter

    curves = record["curves"]
    width = max(8.0, 1.0 + 2.3 * len(curves))
    figure, rows = plt.subplots(2, len(curves), figsize=(width, 6.6), sharey=True, squeeze=False, layout="constrained")
    for panels, axis in zip(rows, ("data", "mesh"), strict=True):
        sizes: set[int] = set()
        for panel, (mesh, sides) in zip(panels, curves.items(), strict=True):
            for i, (side, curve) in enumerate(sides.items()):
                _draw_curve(panel, curve[axis], side, i)
                sizes |= set(curve[axis]["sizes"])
            panel.set(xscale="log", yscale="log", xlabel=f"{axis} pixels")
            panel.set_title(NAMES[mesh] if axis == "data" else "", fontsize=10)
            panel.grid(which="major", alpha=0.3)
            panel.margins(x=0.12)
        ends = sorted(sizes)
        for panel in panels:
            panel.xaxis.set_major_locator(FixedLocator([ends[0], ends[len(ends) // 2], ends[-1]] if ends else []))
            panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
            panel.xaxis.set_minor_formatter(NullFormatter())
            panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
            panel.tick_params(labelsize=8)
        panels[0].set_ylabel("seconds for one log evidence")
    bottom, top = rows[0][0].get_ylim()
    rows[0][0].set_ylim(bottom, top * (top / bottom) ** 0.25)  # room for the exponents
    handles, names = rows[0][0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=len(names), fontsize=9, frameon=False)
    gaussians = f", {record['light']} Gaussians for the light of the lens" if record["light"] else ""
    figure.supxlabel(
        f"Above: {record['fixed']['data']:,} mesh pixels. Below: {record['fixed']['mesh']:,} data pixels. NumPy, "
        f"one run{gaussians}.\n"
        "Points: the best evaluation, bars to the median. Lines: power laws, where they are resolved.",
        fontsize=8,
    )
    figure.savefig(path, dpi=110)
    plt.close(figure)
    print(f"\ndrawn: {path}")


def _draw_curve(panel: Any, curve: dict[str, Any], side: str, place: int) -> None:
    """One curve, and its exponent in the line `place` of the panel's upper left corner."""
    colour, marker, name = STYLES[side]
    best, median = np.array(curve["best"]), np.array(curve["median"])
    bars = np.stack([np.zeros_like(best), median - best])
    panel.errorbar(
        curve["sizes"],
        best,
        yerr=bars,
        color=colour,
        marker=marker,
        ls="",
        ms=4.5,
        elinewidth=1.2,
        capsize=2,
        label=name,
    )
    law = curve["power_law"]
    if law is None or not law["is_resolved"]:
        panel.plot(curve["sizes"], best, color=colour, lw=0.8, alpha=0.5, ls=":")
        return
    first = len(best) // 2
    panel.plot(curve["sizes"][: first + 1], best[: first + 1], color=colour, lw=0.8, alpha=0.5, ls=":")
    reach = np.array([law["first"], curve["sizes"][-1]])
    panel.plot(reach, law["scale"] * reach ** law["exponent"], color=colour, lw=1.3)
    text = f"$n^{{{law['exponent']:.2f} \\pm {law['error']:.2f}}}$"
    panel.text(0.04, 0.97 - 0.085 * place, text, color=colour, transform=panel.transAxes, fontsize=9, va="top")
