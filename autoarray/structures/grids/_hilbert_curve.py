"""A space-filling curve through the pixels of a rectangle of any shape.

The curve is the generalized Hilbert curve ("gilbert") of J. Cerveny (2018), https://github.com/jakubcerveny/gilbert:
a rectangle is cut into two or three along its axes, each of which is filled by a curve that ends next to the start of
the following one.
"""

from __future__ import annotations

from collections.abc import Iterator


def sgn(x: float) -> int:
    """-1, 0 or 1, the sign of a number."""
    return (x > 0) - (x < 0)


def gilbert2d(width: int, height: int) -> Iterator[tuple[int, int]]:
    """The pixels (x, y) of a rectangle, each once, in the order of the curve."""
    if width >= height:
        return generate2d(0, 0, width, 0, 0, height)
    return generate2d(0, 0, 0, height, width, 0)


def _half_of(vector: tuple[int, int]) -> tuple[int, int]:
    return vector[0] // 2, vector[1] // 2


def generate2d(x: int, y: int, ax: int, ay: int, bx: int, by: int) -> Iterator[tuple[int, int]]:
    """The pixels of a rectangle in the order of the curve.

    Parameters
    ----------
    x, y
        The corner in which the curve starts.
    ax, ay
        The side along which the curve runs, from its start to its end.
    bx, by
        The other side.
    """
    length, breadth = abs(ax + ay), abs(bx + by)
    dax, day = sgn(ax), sgn(ay)
    dbx, dby = sgn(bx), sgn(by)
    if breadth == 1 or length == 1:
        dx, dy = (dax, day) if breadth == 1 else (dbx, dby)
        for i in range(length if breadth == 1 else breadth):
            yield x + i * dx, y + i * dy
        return

    ax2, ay2 = _half_of((ax, ay))
    bx2, by2 = _half_of((bx, by))
    # Halves of an even number of steps let the curve end next to where the following one starts.
    if 2 * length > 3 * breadth:
        if abs(ax2 + ay2) % 2 and length > 2:
            ax2, ay2 = ax2 + dax, ay2 + day
        yield from generate2d(x, y, ax2, ay2, bx, by)
        yield from generate2d(x + ax2, y + ay2, ax - ax2, ay - ay2, bx, by)
        return
    if abs(bx2 + by2) % 2 and breadth > 2:
        bx2, by2 = bx2 + dbx, by2 + dby
    yield from generate2d(x, y, bx2, by2, ax2, ay2)
    yield from generate2d(x + bx2, y + by2, ax, ay, bx - bx2, by - by2)
    yield from generate2d(
        x + (ax - dax) + (bx2 - dbx), y + (ay - day) + (by2 - dby), -bx2, -by2, -(ax - ax2), -(ay - ay2)
    )
