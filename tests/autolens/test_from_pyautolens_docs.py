"""The Python of the page "From PyAutoLens" runs as written."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "from_pyautolens.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_blocks_run_in_one_script(capsys):
    assert len(BLOCKS) == 2
    exec(compile("\n".join(BLOCKS), "from_pyautolens.md", "exec"), {})
    assert capsys.readouterr().out.splitlines()[-2:] == ["(20, 20)", "True 1.2"]
