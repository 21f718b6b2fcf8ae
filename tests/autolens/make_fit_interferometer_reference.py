"""Write the evidence of every fit of `lens_visibilities` to `data/fit_interferometer.json`.

Run it in an environment with PyAutoLens and PyAutoArray, not with this project in its place:

    python tests/autolens/make_fit_interferometer_reference.py
"""

from __future__ import annotations

import json
import os
from importlib import metadata
from pathlib import Path

import lens_visibilities

os.environ.setdefault("PYAUTO_SKIP_WORKSPACE_VERSION_CHECK", "1")


def main() -> None:
    if "autoarray-portable" in {name.lower() for name in metadata.packages_distributions().get("autoarray", [])}:
        raise SystemExit("expected an environment with PyAutoArray, found this project in its place")
    releases = {name: metadata.version(name) for name in ("autoarray", "autogalaxy", "autolens", "numpy", "scipy")}
    values = {case: float(lens_visibilities.fit(case).figure_of_merit) for case in lens_visibilities.CASES}
    origin = {
        "command": "python tests/autolens/make_fit_interferometer_reference.py",
        "backend": "numpy",
        "releases": releases,
        "quantity": "figure_of_merit: the log evidence if there is an inversion, else the log likelihood",
    }
    path = Path(__file__).parent / "data" / "fit_interferometer.json"
    path.write_text(json.dumps({"origin": origin, "values": values}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
