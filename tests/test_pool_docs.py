"""Every script of the page on pools runs as it stands, in a fresh process, and its links lead somewhere."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "pool.md").read_text(encoding="utf-8")
SECTIONS = [part.partition("\n") for part in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]]
SCRIPTS = {
    title: script
    for title, _, text in SECTIONS
    for script in re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
}
NEEDS = {"joblib": "joblib", "Dask": "distributed", "JAX": "jax", "One thread for each worker": "threadpoolctl"}


def test_every_kind_of_pool_has_a_script():
    assert list(SCRIPTS) == [title for title, _, _ in SECTIONS][:-1]
    assert len(SCRIPTS) == 7


def test_links_lead_somewhere():
    targets = re.findall(r"\]\(([^)\s]+)\)", PAGE)
    assert targets
    assert [target for target in targets if not (ROOT / "docs" / target.partition("#")[0]).exists()] == []


@pytest.mark.parametrize("title", list(SCRIPTS))
def test_the_script_runs(title, tmp_path):
    pytest.importorskip(NEEDS.get(title, "numpy"))
    path = tmp_path / "script.py"
    path.write_text(SCRIPTS[title], encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "examples")])}
    if title in ("joblib", "Dask"):  # which give their workers one thread, where the script has more
        environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, str(path)], cwd=tmp_path, capture_output=True, text=True, timeout=300, env=environment
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines
    if title == "JAX":
        assert [line.split()[-1] for line in lines] == ["1"] * 3
        assert len({line.split()[-2] for line in lines}) == 3
    elif title == "One thread for each worker":
        assert lines == ["threads of a worker: 1"]
    else:
        (line,) = lines
        numbers = [float(number) for number in line.partition(":")[2].split()]
        assert numbers
        assert set(numbers) == {0.0}


def test_the_command_gives_one_thread(tmp_path):
    pytest.importorskip("threadpoolctl")
    (command,) = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (tmp_path / "search.py").write_text(
        "import scipy.linalg\n"
        "from threadpoolctl import threadpool_info\n"
        "scipy.linalg.cholesky([[1.0]])\n"
        "print(*{library['num_threads'] for library in threadpool_info()})\n"
    )
    environment = os.environ | {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    done = subprocess.run(
        command, shell=True, cwd=tmp_path, capture_output=True, text=True, timeout=120, env=environment
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")
