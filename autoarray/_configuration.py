# pyright: strict
"""What users set in the folder `config` of their workspace, where PyAutoLens's configuration package is in use.

The package is `autonerves`. It is in use once something has imported it, which `import autolens` does first of all.
This module never imports it: without it, and for each key that is missing, the default of the caller holds.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

PACKAGE = "autonerves"
FOLDER = Path(__file__).parent / "config"


def in_use() -> bool:
    """Whether the configuration package has been imported."""
    return f"{PACKAGE}.conf" in sys.modules


def register() -> None:
    """Let the configuration fall back on the folder `config` of this package, after those of all others."""
    conf: Any = sys.modules.get(f"{PACKAGE}.conf")
    instance = getattr(conf, "instance", None)
    if instance is None or FOLDER in instance.paths:
        return
    from_folder = importlib.import_module(f"{PACKAGE}.directory_config").RecursiveConfig
    instance.configs = [*instance.configs, from_folder(FOLDER)]


def value(*keys: str, default: Any) -> Any:
    """What the configuration holds under some keys, or the default.

    Parameters
    ----------
    keys
        The folders, the file without its suffix, the sections and the name: `"general", "psf", "use_fft_default"`.
    default
        What holds where the configuration is not in use, lacks the key, or has nothing there.
    """
    conf: Any = sys.modules.get(f"{PACKAGE}.conf")
    found: Any = getattr(conf, "instance", None)
    if found is None:
        return default
    try:
        for key in keys:
            found = found[key]
    except (KeyError, TypeError, IndexError):
        return default
    return default if found is None else found


def number(*keys: str, default: float) -> float:
    """A number of the configuration; YAML reads one without a point, such as 1e-3, as a text.

    Raises
    ------
    ValueError
        If it is no number.
    """
    found = value(*keys, default=default)
    try:
        return float(found) if isinstance(found, str) else found + 0
    except (TypeError, ValueError):
        raise ValueError(f"{place_of(keys)}: expected a number, found {found!r:.80}") from None


def flag(*keys: str, default: bool) -> bool:
    """A true or false of the configuration.

    Raises
    ------
    ValueError
        If it is neither.
    """
    found = value(*keys, default=default)
    if not isinstance(found, bool):
        raise ValueError(f"{place_of(keys)}: expected true or false, found {found!r:.80}")
    return found


def place_of(keys: tuple[str, ...]) -> str:
    """How a message calls a key of the configuration."""
    folders, rest = ("visualize/", keys[1:]) if keys[0] == "visualize" else ("", keys)
    return f"config/{folders}{rest[0]}.yaml, {'.'.join(rest[1:])}"


def folders() -> list[str]:
    """The folders of the configuration in the order in which they hold, for another process; none without one."""
    conf: Any = sys.modules.get(f"{PACKAGE}.conf")
    return [] if conf is None else [str(path) for path in conf.instance.paths]


def use_folders(paths: list[str]) -> None:
    """Have the configuration read these folders, as it does in the process that they come from."""
    conf: Any = sys.modules.get(f"{PACKAGE}.conf")
    if conf is not None and paths:
        from_folder = importlib.import_module(f"{PACKAGE}.directory_config").RecursiveConfig
        conf.instance.configs = [from_folder(Path(path)) for path in paths]


# Names that PyAutoArray exports from the configuration package at its top level, and where they are in that package.
RE_EXPORTED = {
    "conf": "",
    "jax_wrapper": "",
    "setup_colab": "",
    "setup_notebook": "",
    "with_config": "conf",
    "from_dict": "dictable",
    "from_json": "dictable",
    "output_to_json": "dictable",
    "register_parser": "dictable",
    "to_dict": "dictable",
    "hdu_list_for_output_from": "fitsable",
    "header_obj_from": "fitsable",
    "ndarray_via_fits_from": "fitsable",
    "ndarray_via_hdu_from": "fitsable",
    "output_to_fits": "fitsable",
    "is_test_mode": "test_mode",
    "skip_checks": "test_mode",
    "skip_fit_output": "test_mode",
    "skip_visualization": "test_mode",
    "test_mode_level": "test_mode",
    "with_test_mode_segment": "test_mode",
}


def re_exported(name: str) -> Any:
    """The object of the configuration package that the top level of `autoarray` exports under a name.

    Raises
    ------
    ImportError
        If the configuration package is not installed.
    """
    return getattr(module_of_package(name, RE_EXPORTED[name]), name)


def module_of_package(name: str, part: str) -> Any:
    """A module of the configuration package, which is imported for the caller's `name`.

    Raises
    ------
    ImportError
        If the configuration package is not installed.
    """
    try:
        module = importlib.import_module(f"{PACKAGE}.{part}" if part else PACKAGE)
    except ModuleNotFoundError as error:
        if error.name != PACKAGE:
            raise
        raise ImportError(
            f"autoarray.{name} is a name of the configuration package of PyAutoLens, which is not installed: "
            f"pip install {PACKAGE}"
        ) from None
    register()
    return module
