"""Write what PyAutoLens finds of `point_models` to `data/point.json`.

Run it in an environment with PyAutoLens and PyAutoArray, not with this project in its place:

    python tests/autolens/make_point_reference.py
"""

from __future__ import annotations

import json
import os
from importlib import metadata
from pathlib import Path

os.environ.setdefault("PYAUTO_SKIP_WORKSPACE_VERSION_CHECK", "1")
import point_models


def main() -> None:
    if "autoarray-portable" in {name.lower() for name in metadata.packages_distributions().get("autoarray", [])}:
        raise SystemExit("expected an environment with PyAutoArray, found this project in its place")
    releases = {name: metadata.version(name) for name in ("autoarray", "autogalaxy", "autolens", "numpy", "scipy")}
    origin = {
        "command": "python tests/autolens/make_point_reference.py",
        "backend": "numpy",
        "releases": releases,
        "quantities": "positions (y, x) in arc seconds; magnifications: of the shape, then of each image",
    }
    path = Path(__file__).parent / "data" / "point.json"
    path.write_text(json.dumps({"origin": origin, "values": point_models.numbers()}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
