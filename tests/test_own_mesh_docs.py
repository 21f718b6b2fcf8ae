"""The page on a mesh of one's own shows the example, which runs as it stands, in parts."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "own_mesh.md").read_text(encoding="utf-8")


def test_the_parts_of_the_page_are_the_example():
    parts = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    example = ast.parse((ROOT / "examples" / "own_mesh.py").read_text(encoding="utf-8"))

    assert len(parts) >= 6
    assert ast.get_docstring(example)
    assert ast.unparse(ast.parse("\n".join(parts))) == ast.unparse(ast.Module(example.body[1:], []))


def test_links_lead_somewhere():
    targets = re.findall(r"\]\(([^)\s]+)\)", PAGE)
    assert targets
    assert [target for target in targets if not (ROOT / "docs" / target).exists()] == []
