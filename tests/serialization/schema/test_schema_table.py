"""What docs/schemas.md says of each version; `test_recipe.py` compares the page with the registry."""

import re
from pathlib import Path

from serialization._schema import catalog

PAGE = Path(__file__).parents[3] / "docs" / "schemas.md"


def rows_of(section: int) -> list[list[str]]:
    """The cells of the table of versions, or of that of fields."""
    text = PAGE.read_text().split("\n## Fields\n")[section]
    return [line.split(" | ") for line in text.splitlines() if line.startswith("| `")]


def test_every_version_has_a_row():
    versions = [(row[0][3:-1], int(row[1])) for row in rows_of(0)]
    assert sorted(versions) == sorted(
        (entry.name, version) for entry in catalog.TYPES for version in (entry.version, *entry.migrations)
    )


def test_the_newest_version_has_a_row_with_its_fields():
    fields = {row[0][3:-1]: (int(row[1]), tuple(re.findall(r"`(\w+)`", row[2]))) for row in rows_of(1)}
    assert fields == {entry.name: (entry.version, (*entry.fields, *entry.optional)) for entry in catalog.TYPES}
    results = {row[0][3:-1]: re.findall(r"`(\w+)`", row[3]) for row in rows_of(1)}
    assert "log_evidence" in results["autoarray.FitImaging"]
    assert results["autoarray.mesh.Delaunay"] == []


def test_rows_tell_the_release_and_the_name_of_the_class():
    page = PAGE.read_text()
    rank, kernel = "autoarray.mesh.RectangularBilinearAdaptDensity", "autoarray.mesh.RectangularRTUAdaptDensity"
    assert f"| `{rank}` | 3 | 2026.7.15.1 to 2026.7.23.1 | `RectangularAdaptDensity` |" in page
    assert f"| `{rank}` | 4 | no release |" in page
    assert f"| `{kernel}` | 3 | 2026.7.15.1 to 2026.7.23.1 | `RectangularKernelAdaptDensity` |" in page
    assert f"| `{kernel}` | 4 | 2026.7.25.2 to 2026.8.20.1 | `RectangularAdaptDensity` |" in page
    assert f"| `{kernel}` | 7 | this project |" in page
