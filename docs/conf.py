"""How Sphinx builds the documentation: `make docs`, without a network, and with warnings as errors."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import autoarray

ROOT = Path(__file__).parents[1]

project = "autoarray-portable"
author = "The autoarray-portable developers"
copyright = author  # noqa: A001
version = release = autoarray.__version__

extensions = ["myst_parser", "numpydoc", "sphinx.ext.autodoc", "sphinx.ext.autosummary"]
exclude_patterns = ["_templates"]
templates_path = ["_templates"]
nitpicky = False
# Docstrings put names in single backticks: a link where the name is public, code where it is not.
default_role = "py:obj"
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]

autosummary_generate = True
autosummary_ignore_module_all = False
autodoc_member_order = "groupwise"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
numpydoc_show_class_members = False
add_module_names = False
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = f"{project} {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
pygments_style = "tango"
pygments_dark_style = "native"
html_theme_options = {"footer_icons": []}
