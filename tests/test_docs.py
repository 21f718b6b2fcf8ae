"""Every script of the page on carrying a fit runs as it stands, in a fresh process, and says what the page says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "carry_a_fit.md").read_text(encoding="utf-8")
SECTIONS = [part.partition("\n") for part in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]]
SCRIPTS = {title: re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL) for title, _, text in SECTIONS}
NEEDS = {"joblib": "joblib", "Dask": "distributed"}
NEEDS |= {"A picture in the background": "matplotlib"}


def anchor(title):
    """How a heading is linked to."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def test_every_way_has_one_script():
    assert len(SCRIPTS) >= 8
    assert [title for title, scripts in SCRIPTS.items() if len(scripts) != 1] == []


@pytest.mark.parametrize("title", list(SCRIPTS))
def test_a_script_has_ten_lines(title):
    (script,) = SCRIPTS[title]
    lines = [line for line in script.splitlines() if line.strip() and not re.match(r"import |from |if __name__", line)]
    assert len(lines) <= 10


def test_links_lead_somewhere():
    targets = re.findall(r"\]\(([^)\s]+)\)", PAGE)
    inside = {target[1:] for target in targets if target.startswith("#")}
    assert inside == {anchor(title) for title in SCRIPTS}
    outside = [target for target in targets if not target.startswith("#") and "://" not in target]
    assert [target for target in outside if not (ROOT / "docs" / target).exists()] == []


def lines_of(script, folder):
    """What a script prints in a process of its own, which begins in a folder."""
    path = folder / "script.py"
    path.write_text(script, encoding="utf-8")
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "examples")]),
        "XDG_CACHE_HOME": str(folder),
    }
    done = subprocess.run(
        [sys.executable, str(path)], cwd=folder, capture_output=True, text=True, timeout=120, env=environment
    )
    # What Dask says on a busy machine, whose workers take longer to end than it waits.
    said = [line for line in done.stderr.splitlines() if "Worker process still alive after" not in line]
    assert (done.returncode, said) == (0, [])
    return done.stdout.splitlines()


@pytest.mark.parametrize("title", list(SCRIPTS))
def test_the_script_runs(title, tmp_path):
    pytest.importorskip(NEEDS.get(title, "numpy"))
    lines = lines_of(SCRIPTS[title][0], tmp_path)
    assert any(lines)
    differences = [line.partition(":")[2] for line in lines if line.startswith("difference")]
    assert bool(differences) == ("difference" in SCRIPTS[title][0])
    for numbers in differences:
        assert {float(number) for number in numbers.split()} == {0.0}
    if title == "A picture in the background":
        assert lines[-1] == "drawn: fit.png"
    if title == "A cache":
        first, last = lines
        assert first.partition(":")[2] == last.partition(":")[2]


def test_a_store_of_your_own(tmp_path):
    page = (ROOT / "docs" / "cache.md").read_text(encoding="utf-8")
    section = page.partition("\n## A store of your own\n")[2]
    (script,) = re.findall(r"^```python\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert lines_of(script, tmp_path) == [script.splitlines()[-1].partition("  # ")[2]]


def test_notes_and_what_made_a_file(tmp_path):
    page = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    first, second = lines_of(script, tmp_path)
    assert first.startswith("{'lens': 'SLACS J0252', 'tries': 3} 20")
    assert second == "True"
