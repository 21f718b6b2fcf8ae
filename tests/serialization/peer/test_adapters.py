"""The layer beside PyAutoArray, with a small package of its shape in its place."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from serialization import _autoarray
from serialization._autoarray import refuse_two_wheels
from serialization._peer.rules import RULES
from serialization._schema import catalog

ROOT = Path(__file__).parents[3]

PACKAGE = {
    "autoarray/__init__.py": "__version__ = '2026.10.26.1'\n",
    "autoarray/abstract_ndarray.py": "class AbstractNDArray:\n    pass\n",
    "autoarray/mask/__init__.py": "",
    "autoarray/mask/mask_2d.py": """
        from abc import ABC
        import numpy as np
        from autoarray.abstract_ndarray import AbstractNDArray

        class Mask(AbstractNDArray, ABC):
            pass

        class Mask2D(Mask):
            def __init__(self, mask, pixel_scales, origin=(0.0, 0.0)):
                self._array = np.asarray(mask)
                self._is_transformed = False
                self.use_jax = False
                self.pixel_scales = pixel_scales
                self.origin = origin
                places = np.argwhere(~self._array).astype(np.int32)
                self.slim_to_native_tuple = places[:, 0], places[:, 1]
    """,
    "autoarray/operators/__init__.py": "",
    "autoarray/operators/over_sampling/__init__.py": "",
    "autoarray/operators/over_sampling/over_sampler.py": """
        made = []

        class OverSampler:
            def __init__(self, mask, sub_size):
                made.append(self)
                self.mask = mask
                self.sub_size = sub_size
                self.sub_total = sub_size**2 * int((~mask._array).sum())
    """,
    "autoarray/layout.py": "class Layout:\n    def __init__(self):\n        self.region = (1, 2)\n",
}


@pytest.fixture
def run(tmp_path):
    """Runs code where `autoarray` is the small package, or is not installed."""

    def run(code: str, package: dict[str, str] = PACKAGE) -> str:
        for name, text in package.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
        (tmp_path / "serialization").symlink_to(ROOT / "serialization")
        program = f"import sys\nsys.path[:] = [{str(tmp_path)!r}, *(p for p in sys.path if p != {str(ROOT)!r})]\n"
        program += "sys.meta_path[:] = [finder for finder in sys.meta_path if 'editable' not in str(finder).lower()]\n"
        program += f"sys.path[:] = [p for p in sys.path if p not in ('', {str(ROOT)!r})]\n"
        done = subprocess.run(
            [sys.executable, "-I", "-c", program + textwrap.dedent(code)], capture_output=True, text=True, cwd=tmp_path
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


MASK = """
    import numpy as np, serialization
    from autoarray.mask.mask_2d import Mask2D
    mask = Mask2D(np.array([[True, False, False], [True, True, False]]), (0.1, 0.1))
"""


REFUSED = """
    try:
        {}
    except serialization.SerializationError as error:
        print(error)
"""


def test_an_object_comes_back_whole_and_shared(run):
    out = run(
        MASK
        + """
    new = serialization.loads(serialization.dumps([mask, mask]))
    assert new[0] is new[1] and type(new[0]) is Mask2D
    assert vars(new[0]).keys() == vars(mask).keys()
    print([part.tolist() for part in new[0].slim_to_native_tuple], new[0].use_jax, new[0].slim_to_native_tuple[0].dtype)
    """
    )
    assert out == "[[0, 0, 1], [1, 2, 2]] False int32"


def test_its_payload_is_that_of_this_project_but_for_the_writer(run, tmp_path):
    import numpy as np

    import autoarray as aa
    import serialization

    run(MASK + "    serialization.save(mask, 'mask.aas')\n")
    mask = aa.Mask2D(np.array([[True, False, False], [True, True, False]]), (0.1, 0.1))
    assert serialization.identity(tmp_path / "mask.aas") == serialization.identity(serialization.dumps(mask))
    assert serialization.load(tmp_path / "mask.aas").pixels_in_mask == 3


def test_a_constructor_runs_at_the_first_use(run):
    out = run(
        MASK
        + """
    from autoarray.operators.over_sampling import over_sampler
    old = over_sampler.OverSampler(mask, 2)
    new = serialization.loads(serialization.dumps(old))
    print(len(over_sampler.made), isinstance(new, over_sampler.OverSampler), end=" ")
    print(serialization.dumps(new) == serialization.dumps(old), len(over_sampler.made), end=" ")
    print(new.sub_total, len(over_sampler.made), type(new) is over_sampler.OverSampler)
    """
    )
    assert out == "1 True True 1 12 2 True"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (
            "mask.colour = 1; serialization.dumps([mask])",
            r"$[0]: expected the attributes of autoarray.mask",
        ),
        ("mask.colour = 1; serialization.dumps([mask])", "also colour"),
        ("del mask.origin; serialization.dumps(mask)", "found no origin"),
        ("from autoarray.layout import Layout; serialization.dumps([Layout()])", "found autoarray.layout.Layout"),
        ("serialization.load_pickle(b'N.')", "found PyAutoArray 2026.10.26.1"),
    ],
)
def test_what_is_refused_says_why(run, code, text):
    out = run(MASK + REFUSED.format(code))
    assert text in out


def test_an_older_release_is_refused(run):
    package = {**PACKAGE, "autoarray/__init__.py": "__version__ = '2026.7.29.1'\n"}
    out = run(
        MASK + REFUSED.format("serialization.dumps(mask)"),
        package,
    )
    expected = "expected PyAutoArray 2026.10.4.1 or newer (tested: 2026.10.26.1), found 2026.7.29.1"
    ways = ("pip install --upgrade autolens", "autoarray-state convert")
    assert expected in out
    page = " ".join((ROOT / "docs" / "beside_pyautoarray.md").read_text().split())
    assert "Releases 2026.10.4.1 and newer; 2026.10.26.1 is tested" in page
    for way in ways:
        assert way in out
        assert way in page


FIT = {
    "autoarray/fit/__init__.py": "",
    "autoarray/fit/fit_dataset.py": """
        import functools

        class FitDataset:
            def __init__(self, dataset):
                self.dataset = dataset
                self.dataset_model = None
                self.use_mask_in_fit = False
                self.use_jax = False

            @functools.cached_property
            def residual_map(self):
                return [1.0] * 1000

            @functools.cached_property
            def log_evidence(self):
                raise AssertionError("it was solved")
    """,
}


def test_the_results_of_a_fit_travel_and_other_cached_values_do_not(run):
    out = run(
        """
    import serialization
    from autoarray.fit.fit_dataset import FitDataset

    class Fit(FitDataset):
        pass

    serialization.register(
        Fit, name="tests.Fit", fields=["dataset", "dataset_model", "use_mask_in_fit", "_use_jax", "_inversion"],
        cached=["log_evidence"],
    )
    fit = Fit([1])
    fit.__dict__["log_evidence"] = -3.5
    fit.residual_map
    new = serialization.loads(serialization.dumps(fit))
    print(new.log_evidence, new.dataset, "residual_map" in vars(new))
    """,
        {**PACKAGE, **FIT},
    )
    assert out == "-3.5 [1] False"


@pytest.mark.parametrize(
    ("release", "is_accepted"), [("2026.10.4.1", True), ("2027.1.1.1", True), ("2026.10.2.1", False), ("dev", False)]
)
def test_which_releases_are_accepted(run, release, is_accepted):
    package = {**PACKAGE, "autoarray/__init__.py": f"__version__ = {release!r}\n"}
    out = run(MASK + REFUSED.format("serialization.dumps(mask)"), package)
    assert out == "" if is_accepted else f"or newer (tested: 2026.10.26.1), found {release}" in out


def test_plain_values_and_own_types_need_no_autoarray(run):
    out = run(
        """
    import dataclasses, serialization

    @dataclasses.dataclass
    class Star:
        name: str

    serialization.register(Star)
    print(serialization.loads(serialization.dumps({"star": Star("Vega")}))["star"].name)
    """,
        {},
    )
    assert out == "Vega"


def test_every_rule_is_of_a_type_and_names_its_fields():
    entries = {entry.name: set(entry.fields) for entry in catalog.TYPES}
    assert RULES.keys() <= entries.keys()
    for name, rule in RULES.items():
        assert {*rule.names, *rule.ours, *rule.unused, *rule.only} <= entries[name], name


def test_here_the_autoarray_is_our_own():
    assert _autoarray.kind_of_autoarray() == "own"
    assert _autoarray.distribution() == "autoarray-portable"


def test_two_wheels_in_one_folder_are_refused(tmp_path):
    (tmp_path / "autoarray_portable-0.2.0.dist-info").mkdir()
    refuse_two_wheels(str(tmp_path))
    (tmp_path / "autoarray_portable_serialization-0.2.0.dist-info").mkdir()
    with pytest.raises(ImportError, match=r"two distributions, autoarray-portable 0\.2\.0 and autoarray-portable-s"):
        refuse_two_wheels(str(tmp_path))
