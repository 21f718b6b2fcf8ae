"""The page that lists the registered types of PyAutoLens."""

from pathlib import Path

from serialization._lens.page import page

ROOT = Path(__file__).parents[3]


def test_the_page_is_what_the_tables_say():
    assert (ROOT / "docs" / "lens_types.md").read_text() == page()
