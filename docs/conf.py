"""How Sphinx builds the documentation: `make docs`, without a network, and with warnings as errors."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

import autoarray

project = "autoarray-portable"
author = "The autoarray-portable developers"
copyright = author
version = release = autoarray.__version__

extensions = ["myst_parser", "numpydoc", "sphinx.ext.autodoc", "sphinx.ext.autosummary"]
exclude_patterns = ["_templates"]
templates_path = ["_templates"]
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
python_maximum_signature_line_length = 88
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = f"{project} {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
pygments_style = "tango"
pygments_dark_style = "native"
html_theme_options = {"navigation_with_keys": True}

FROM_ELSEWHERE = re.compile(
    r"""<(?:script|img|link|iframe)\b[^>]*(?:src|href)=["']https?://|@import|url\(\W*https?://"""
)


def refuse_other_hosts(app: Sphinx, exception: Exception | None) -> None:
    """Raise an error if a page or a style sheet loads something from another host: the site has to work offline."""
    if exception is None:
        pages = [path for kind in ("html", "css") for path in sorted(Path(app.outdir).rglob(f"*.{kind}"))]
        loading = [str(path) for path in pages if FROM_ELSEWHERE.search(path.read_text(encoding="utf-8"))]
        if loading:
            raise RuntimeError(f"expected pages that load nothing from other hosts, found {', '.join(loading)}")


def escape_bars(*event: Any) -> None:
    """Let a bar in a docstring be a bar: it is a norm or a union of types, and no substitution of reStructuredText."""
    lines = event[-1]
    lines[:] = [line.replace("|", r"\|") for line in lines]


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("autodoc-process-docstring", escape_bars)
    app.connect("build-finished", refuse_other_hosts)
