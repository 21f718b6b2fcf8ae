"""The page of the documentation that the tests of the matrix write."""

from __future__ import annotations

from pathlib import Path

from matrix import CELLS, FITTED, MESHES, REGULARIZATIONS

TEXT = """# Every mesh with every regularization

The tests that prove this table also write it:

```sh
{command}
```

A cell holds two numbers for one small fit of {params} mesh pixels. The first compares NumPy with PyAutoArray
2026.10.26.1, the second compares JAX with NumPy. Each is the largest relative difference of the terms of the log
evidence: chi-squared, noise normalization, regularization term, both log determinants, log evidence. The same tests
compare the reconstruction, mappings, areas and neighbors of every mesh, to 1e-8.

- *refused*: a rectangular mesh has no split points, and a `Pixelization` rejects the pair.
- *not defined*: `MaternSparse` needs the neighbors of a rectangular grid. Both libraries raise.
- A kernel regularization (Gaussian, exponential, Matern) is the inverse of a covariance matrix, whose condition number
  reaches 1e8 and more. Two exact methods agree to the rounding error times that number.
- `BrightnessZeroth` alone has a singular matrix: the weight of the brightest mesh pixel is zero. Both libraries say
  that its log determinant does not exist, and the number is that of the other terms.

{table}
"""

COMMAND = "python -m pytest tests/autoarray/test_matrix.py --write-matrix docs/matrix.md"


def rows_from(cells):
    """The table as lists of text: a row for each regularization, a column for each mesh."""
    yield ["", *(f"`{mesh}`" for mesh in MESHES)]
    for regularization in REGULARIZATIONS:
        yield [f"`{regularization}`", *(cells[mesh, regularization] for mesh in MESHES)]


def text_of(found):
    """What a cell says."""
    if "numpy" not in found:
        (word,) = found
        return word
    return f"{found['numpy']:.0e}, {found['jax']:.0e}"


def write(path, record, params):
    """Write the page from what the tests recorded.

    Raises
    ------
    ValueError
        If a cell was not tested, or not on both backends.
    """
    missing = [cell for cell in CELLS if cell not in record or (cell in FITTED and len(record[cell]) < 2)]
    if missing:
        raise ValueError(f"{path}: not written, because {len(missing)} cells did not pass, such as {missing[0]}")
    first, *others = rows_from({cell: text_of(record[cell]) for cell in CELLS})
    lines = [first, ["---"] * len(first), *others]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    Path(path).write_text(TEXT.format(command=COMMAND, params=params, table=table))


def read(path):
    """The cells of a written page."""
    lines = [line.strip("| \n").split("|") for line in Path(path).read_text().splitlines() if line.startswith("|")]
    header, _, *rows = [[item.strip().strip("`") for item in line] for line in lines]
    # The first item of the header is empty, and stripped with its bars.
    return {(mesh, row[0]): item for row in rows for mesh, item in zip(header[-len(MESHES) :], row[1:], strict=True)}
