"""What docs/schemas.md says of each version; `test_recipe.py` compares the page with the registry."""

from pathlib import Path

from serialization._schema import catalog

PAGE = Path(__file__).parents[3] / "docs" / "schemas.md"


def test_every_version_has_a_row():
    rows = [line.split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    found = {(row[0][3:-1], int(row[1])) for row in rows}
    assert found == {(entry.name, version) for entry in catalog.TYPES for version in (entry.version, *entry.migrations)}


def test_rows_tell_the_release_and_the_name_of_the_class():
    page = PAGE.read_text()
    rank, kernel = "autoarray.mesh.RectangularBilinearAdaptDensity", "autoarray.mesh.RectangularRTUAdaptDensity"
    assert f"| `{rank}` | 3 | 2026.7.15.1 to 2026.7.23.1 | `RectangularAdaptDensity` |" in page
    assert f"| `{rank}` | 4 | no release |" in page
    assert f"| `{kernel}` | 3 | 2026.7.15.1 to 2026.7.23.1 | `RectangularKernelAdaptDensity` |" in page
    assert f"| `{kernel}` | 4 | 2026.7.25.2 to 2026.8.20.1 | `RectangularAdaptDensity` |" in page
    assert f"| `{kernel}` | 7 | this project |" in page
