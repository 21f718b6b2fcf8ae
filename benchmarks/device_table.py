"""The table and the lines of text that `benchmarks.device` makes of its record."""

from __future__ import annotations

from typing import Any

from benchmarks import table

# The times that PyAutoArray's developers published for an A100, with sixty Gaussians: the seconds of one model, and of
# each model of a batch of 16.
PUBLISHED = {"uniform": (57.6e-3, 46.5e-3), "delaunay": (96.6e-3, 84.8e-3)}


def title(record: dict[str, Any]) -> str:
    """The device and the versions, in one line."""
    device = record["device"]
    versions = ", ".join(f"{name} {version}" for name, version in device["versions"].items())
    return f"{device['kind']} ({device['platform']}); driver: {record['driver'] or 'none'}; {versions}"


def check_line(mesh: str, result: dict[str, Any], tolerance: float) -> str:
    """One line: the agreement of NumPy and the device on one mesh."""
    if "error" in result:
        return f"check {mesh}: FAILED: {result['error']}"
    verdict = "agrees" if result["difference"] <= tolerance else "DIFFERS"
    return (
        f"check {mesh}: {verdict}, log evidence by {result['difference']:.1e} of itself, reconstruction by "
        f"{result['reconstruction_difference']:.1e} of its largest"
    )


def progress_line(name: str, what: str, answer: dict[str, Any]) -> str:
    """One line: the latest result of a case."""
    if "error" in answer:
        return f"{name}: {what}: {answer['error']}"
    if "median" not in answer:
        return f"{name}: {what}: compiled in {table.seconds(answer['compile'])}"
    line = f"{name}: {what}: {table.seconds(answer['median'])}"
    line += f", the evidence differs from NumPy's by {answer['difference']:.1e}"
    if "gradient_difference" in answer:
        line += f", the derivative by the Einstein radius from differences by {answer['gradient_difference']:.1e}"
    return line


def agrees(record: dict[str, Any]) -> bool:
    """Whether every check and every case ran and agrees with NumPy within the tolerance."""
    parts = list(record["check"].values())
    for case in record["cases"].values():
        parts += [case] if "error" in case else [case[what] for what in ("value", "batch", "gradient")]
    return bool(parts) and all("error" not in part and part["difference"] <= record["tolerance"] for part in parts)


def text_from(record: dict[str, Any]) -> str:
    """The checks, the table of the cases, and the failures."""
    if "device" not in record:
        return "no device: see device.log\n"
    lines = ["", title(record), ""]
    lines += [check_line(mesh, result, record["tolerance"]) for mesh, result in record["check"].items()]
    options = record["options"]
    measured = [case for case in record["cases"].values() if "value" in case]
    rows = [_row(case, options["batch"]) for case in measured]
    pixels = measured[0]["data_pixels"] if measured else 0
    heading = (
        f"\nlog evidence from the traced grid, float64: {pixels:,} data pixels of 0.05 arcsec (mask of "
        f"{options['radius']} arcsec), 21 x 21 PSF, over-sampling 2, {options['pixels']:,} mesh pixels or "
        f"{options['vertices']:,} vertices, simulated image; medians"
    )
    header = ["mesh", "Gaussians", "parameters", "value", "A100*", f"of {options['batch']}, each", "A100*"]
    header += [
        "and gradient",
        "compiled",
        "memory",
        f"of {options['batch']}, each",
        "peak",
        "callbacks",
        "NumPy -",
        "gradient -",
    ]
    lines += [table.text_from(heading, header, rows)] if rows else []
    lines.append(
        "A100*: as PyAutoArray's developers published it, with 60 Gaussians (931 MB a model of a batch of 16). "
        "compiled: value, batch and gradient, together. memory: the program's plan for a value, and for a model of a "
        "batch; peak: the most that the process held. NumPy -: largest relative difference from NumPy's evidence; "
        "gradient -: that of the derivative by the Einstein radius from central differences of the value."
    )
    for name, case in record["cases"].items():
        lines += [f"{name}: {case['error']}"] if "error" in case else []
        failed = [(what, case[what]) for what in ("value", "batch", "gradient") if "error" in case.get(what, {})]
        lines += [f"{name}: {what}: {answer['error']}" for what, answer in failed]
    return "\n".join(lines) + "\n"


def _row(case: dict[str, Any], batch: int) -> list[str]:
    value, several, gradient = (case.get(what, {}) for what in ("value", "batch", "gradient"))
    published = PUBLISHED.get(case["mesh"], (None, None)) if case["gaussians"] else (None, None)
    compiled = [answer for answer in (value, several, gradient) if "compile" in answer]
    answers = [answer for answer in compiled if "median" in answer]
    peaks = [answer["peak"] for answer in answers if answer["peak"] is not None]
    several_bytes = several["memory"]["program"] / batch if "memory" in several else None
    return [
        case["mesh"] + " (sparse operator)" * case["operator"],
        str(60 * case["gaussians"]),
        str(case["params"]),
        table.seconds(value.get("median")),
        table.seconds(published[0]),
        table.seconds(several["median"] / batch if "median" in several else None),
        table.seconds(published[1]),
        table.seconds(gradient.get("median")),
        table.seconds(sum(answer["compile"] for answer in compiled)),
        table.megabytes(value["memory"]["program"] if "memory" in value else None),
        table.megabytes(several_bytes),
        table.megabytes(max(peaks, default=None)),
        str(value.get("host_callbacks", "-")),
        f"{max((answer['difference'] for answer in answers), default=float('nan')):.1e}",
        f"{gradient['gradient_difference']:.1e}" if "gradient_difference" in gradient else "-",
    ]
