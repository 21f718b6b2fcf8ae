"""The configuration of a workspace of PyAutoLens: where it is in use it is honoured, and nothing depends on it."""

from __future__ import annotations

import pickle
import subprocess
import sys
import types

import numpy as np
import pytest
import yaml

import autoarray as aa
from autoarray import _configuration


class RecursiveConfig:
    """As that of `autonerves`: a folder."""

    def __init__(self, path):
        self.path = path


class Instance(dict):
    """As the configuration of `autonerves`: sections by keys, from folders."""

    def __init__(self, **sections):
        super().__init__(sections)
        self.configs = [RecursiveConfig("config")]

    @property
    def paths(self):
        return [config.path for config in self.configs]


@pytest.fixture
def instance(monkeypatch):
    package, conf, directories = (
        types.ModuleType(name) for name in ("autonerves", "autonerves.conf", "autonerves.directory_config")
    )
    conf.instance, directories.RecursiveConfig, package.conf = Instance(general={}, visualize={}), RecursiveConfig, conf
    package.jax_wrapper = "the wrapper"
    for module in (package, conf, directories):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return conf.instance


def test_without_it_the_defaults_hold(monkeypatch):
    monkeypatch.delitem(sys.modules, "autonerves.conf", raising=False)
    assert not _configuration.in_use()
    assert _configuration.value("general", "inversion", "log_det_method", default="ours") == "ours"
    assert _configuration.folders() == []
    _configuration.register()
    settings = vars(aa.Settings())
    assert settings["use_border_relocator"] is False
    assert settings["no_regularization_add_to_curvature_diag_value"] == 1e-3


@pytest.mark.parametrize(
    "general", [{}, {"inversion": None}, {"inversion": {}}, {"inversion": {"log_det_method": None}}]
)
def test_a_missing_key_is_no_error(instance, general):
    instance["general"] = general
    assert vars(aa.Settings()) == vars(aa.Settings(log_det_method="cholesky"))


def test_the_settings_take_what_it_says_and_keep_it(instance):
    instance["general"]["inversion"] = {
        "use_positive_only_solver": False,
        "use_edge_zeroed_pixels": False,
        "use_border_relocator": True,
        "no_regularization_add_to_curvature_diag_value": "1e-5",  # as YAML reads it
        "log_det_method": "slogdet",
        "regularization_term_method": "cho_solve",
        "interferometer_route": "fft",
        "interferometer_numba_nnz_per_source_max": 12,
        "interferometer_direct_conv_symmetric_max_work_fraction": 0.2,
        "positive_only_solver": "certified",
    }
    settings = aa.Settings()
    expected = {
        "use_positive_only_solver": False,
        "use_edge_zeroed_pixels": False,
        "use_border_relocator": True,
        "no_regularization_add_to_curvature_diag_value": 1e-5,
        "log_det_method": "slogdet",
        "regularization_term_method": "cho_solve",
        "interferometer_route": "fft",
        "interferometer_numba_nnz_per_source_max": 12,
        "interferometer_direct_conv_symmetric_max_work_fraction": 0.2,
    }
    assert {name: getattr(settings, name) for name in expected} == expected
    assert settings.positive_only_solver is None  # it has no effect, so nobody asked for it
    assert vars(aa.Settings(use_border_relocator=False)) == {**vars(settings), "use_border_relocator": False}
    instance["general"]["inversion"] = {}
    assert vars(pickle.loads(pickle.dumps(settings))) == vars(settings)
    assert aa.Settings().log_det_method == "cholesky"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("use_border_relocator", "yes", "expected True or False, found 'yes'"),
        ("log_det_method", "lu", "expected one of ('cholesky', 'slogdet'), found 'lu'"),
        ("no_regularization_add_to_curvature_diag_value", -1.0, "expected a finite number of at least 0, found -1.0"),
        ("no_regularization_add_to_curvature_diag_value", "much", "expected a number, found 'much'"),
    ],
)
def test_a_wrong_value_names_its_key(instance, name, value, expected):
    instance["general"]["inversion"] = {name: value}
    with pytest.raises(ValueError) as error:
        aa.Settings()
    assert str(error.value) == f"config/general.yaml, inversion.{name}: {expected}"


def test_fourier_transforms_of_the_psf(instance):
    kernel = aa.Array2D.no_mask(np.ones((3, 3)), pixel_scales=0.1)
    instance["general"]["psf"] = {"use_fft_default": False}
    assert aa.Convolver(kernel).use_fft is False
    assert aa.Convolver(kernel, use_fft=True).use_fft is True
    instance["general"]["psf"] = {"use_fft_default": True}
    assert aa.Convolver(kernel)._use_fft is None


def test_images_in_fits_files_are_zoomed(instance):
    mask = aa.Mask2D.circular(shape_native=(9, 9), pixel_scales=0.1, radius=0.2, centre=(0.1, 0.0))
    image = aa.Array2D(np.arange(1.0, mask.pixels_in_mask + 1.0), mask=mask)
    assert image.native_for_fits.shape_native == (9, 9)
    instance["visualize"]["plots"] = {"fits_are_zoomed": True}
    # The shape and the origin are those of PyAutoArray 2026.10.26.1.
    zoomed = image.native_for_fits
    assert zoomed.shape_native == (5, 5)
    assert zoomed.mask.origin == pytest.approx((0.1, 0.0))
    assert np.asarray(zoomed.array).sum() == np.asarray(image.array).sum()


def test_our_defaults_come_last_and_once(instance):
    _configuration.register()
    _configuration.register()
    assert instance.paths == ["config", _configuration.FOLDER]
    _configuration.use_folders(_configuration.folders()[:1])
    assert [str(path) for path in instance.paths] == ["config"]


def test_the_folder_of_defaults_says_what_holds_without_it(monkeypatch):
    """So that a key that is missing everywhere, and one that is only ours, are the same."""
    monkeypatch.delitem(sys.modules, "autonerves.conf", raising=False)
    held = yaml.safe_load((_configuration.FOLDER / "general.yaml").read_text())["inversion"]
    settings = vars(aa.Settings())
    assert {name: settings[name] for name in held} == held
    for name in ("general", "plots"):
        assert yaml.safe_load((_configuration.FOLDER / "visualize" / f"{name}.yaml").read_text())


def test_names_of_the_package_at_the_top_level(instance):
    assert aa.jax_wrapper == "the wrapper"
    assert aa.conf.instance is instance
    assert _configuration.FOLDER in instance.paths


def test_without_the_package_its_names_say_what_is_missing(monkeypatch):
    for name in ("autonerves", "autonerves.conf", "autonerves.dictable", "autonerves.fitsable"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    with pytest.raises(ImportError, match=r"autoarray.from_json is a name of .*: pip install autonerves"):
        _ = aa.from_json
    with pytest.raises(ImportError, match=r"autoarray.fitsable.output_to_fits .*: pip install autonerves"):
        _ = aa.fitsable.output_to_fits
    assert not hasattr(aa, "no_such_name")


class Missing:
    """Says that the package is not installed."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "autonerves":
            raise ModuleNotFoundError("No module named 'autonerves'", name="autonerves")


def test_it_is_never_imported():
    code = "import sys, autoarray as aa; aa.Settings(); assert not [n for n in sys.modules if 'autonerves' in n]"
    subprocess.run([sys.executable, "-c", code], check=True)
