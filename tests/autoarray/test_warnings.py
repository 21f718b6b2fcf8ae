"""Where a warning points, whatever lies between the user and its cause."""

import os
import warnings
from pathlib import Path

from autoarray import _warnings


def _given_by(folder, category=UserWarning):
    """A warning by three functions of a package's file in a folder, called by a file of its user."""
    package = {"warn": _warnings.warn, "category": category}
    source = "def deep():\n    warn('too large', category)\ndef middle():\n    deep()\ndef outer():\n    middle()\n"
    exec(compile(source, str(Path(folder) / "part.py"), "exec"), package)
    user = {"outer": package["outer"]}
    exec(compile("def call():\n    outer()\n", "/home/user/script.py", "exec"), user)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        user["call"]()
    (found,) = caught
    return found


def test_it_points_at_the_line_of_the_user():
    found = _given_by(Path(_warnings.__file__).parent / "dataset")
    assert (found.filename, found.lineno) == ("/home/user/script.py", 2)
    assert str(found.message) == "too large"


def test_a_folder_whose_name_only_begins_like_the_package_is_of_a_user():
    folder = f"{Path(_warnings.__file__).parent}_workspace"
    found = _given_by(folder)
    assert (found.filename, found.lineno) == (os.path.join(folder, "part.py"), 2)


def test_its_category_is_the_one_asked_for():
    assert _given_by(Path(_warnings.__file__).parent, RuntimeWarning).category is RuntimeWarning


def test_datasets_have_a_category_of_their_own_which_pyautolens_passes_on():
    namespace = {}
    exec("from autoarray.exc import *", namespace)
    assert issubclass(namespace["DatasetWarning"], UserWarning)
