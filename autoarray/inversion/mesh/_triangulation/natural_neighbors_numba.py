"""The kernel of `natural_neighbors.py`: the cavity of one query after another."""

from __future__ import annotations

import numpy as np

from autoarray._numerics.compiled import compile_kernel
from autoarray._numerics.sort_numba import sort_run


def _shares(dy, dx, ey, ex, fy, fx, flat):
    """As `half_edges.shares_of_edge`, of one edge."""
    dd, ee, ff = dy * dy + dx * dx, ey * ey + ex * ex, fy * fy + fx * fx
    doubled = dy * fx - dx * fy if dd < ee else ey * fx - ex * fy
    if not (doubled > 0.0 and doubled * doubled > flat * flat * min(dd, ee) * ff):
        return 0.0, 0.0, False
    common = ff * (dy * ey + dx * ex)
    first, last = common + dd * (ey * fy + ex * fx), common - ee * (dy * fy + dx * fx)
    return first / doubled, last / doubled, True


shares = compile_kernel(_shares, fused=False)


def _natural_neighbors(points, twin, start, end, circle, share, queries, seeds, flat, close):
    """The fields of `natural_neighbors.Weights`; see `natural_neighbors_from` and `HalfEdges` for the parameters."""
    total, triangles = queries.shape[0], len(twin) // 3
    ends, usable, sizes = (
        np.zeros(total + 1, dtype=np.int64),
        np.zeros(total, dtype=np.bool_),
        np.zeros(total, np.int64),
    )
    vertices, areas = np.empty(10 * total + 16, dtype=np.int32), np.empty(10 * total + 16)
    edges, firsts, lasts = np.empty(triangles + 8, dtype=np.int64), np.empty(triangles + 8), np.empty(triangles + 8)
    # Where the entry of each vertex stands; before those of the query, if it has none.
    place = np.full(points.shape[0], -1)
    count = 0
    for query in range(total):
        begin, seed = count, seeds[query]
        y, x = queries[query, 0], queries[query, 1]
        nearest, furthest = np.inf, 0.0
        for k in range(3):
            corner = start[3 * seed + k]
            square = (points[corner, 0] - y) ** 2 + (points[corner, 1] - x) ** 2
            nearest, furthest = min(nearest, square), max(furthest, square)
        is_usable = nearest > close * close * furthest and (circle[seed, 2] != 0.0 or circle[seed, 3] != 0.0)
        waiting = 0
        if is_usable:
            for k in range(3):
                edge = 3 * seed + k
                edges[waiting], firsts[waiting], lasts[waiting] = edge, share[edge - 2 if k == 2 else edge + 1], 0.0
                waiting += 1
        cavity, summed = 1 if is_usable else 0, 0.0
        while waiting > 0:
            waiting -= 1
            edge, first, last = edges[waiting], firsts[waiting], lasts[waiting]
            beyond = twin[edge]
            across = beyond // 3
            dy, dx = y - circle[across, 0], x - circle[across, 1]
            if dy * (dy - circle[across, 2]) + dx * (dx - circle[across, 3]) < 0.0:
                cavity += 1
                # A cavity that runs around a vertex, which rounding alone could make, would grow for ever.
                if cavity > triangles:
                    cavity, is_usable = 0, False
                    break
                from_a = beyond - 2 if beyond % 3 == 2 else beyond + 1
                to_b = from_a - 2 if from_a % 3 == 2 else from_a + 1
                edges[waiting], firsts[waiting], lasts[waiting] = from_a, first + share[to_b], share[beyond]
                waiting += 1
                edges[waiting], firsts[waiting], lasts[waiting] = to_b, 0.0, last + share[from_a]
                waiting += 1
                continue
            a, b = start[edge], end[edge]
            lost_first, lost_last, left = shares(
                points[a, 0] - y,
                points[a, 1] - x,
                points[b, 0] - y,
                points[b, 1] - x,
                points[b, 0] - points[a, 0],
                points[b, 1] - points[a, 1],
                flat,
            )
            is_usable = is_usable and left
            summed += first + last - lost_first - lost_last
            if count + 2 > vertices.size:
                grown_vertices, grown_areas = np.empty(2 * vertices.size, dtype=np.int32), np.empty(2 * vertices.size)
                grown_vertices[:count], grown_areas[:count] = vertices[:count], areas[:count]
                vertices, areas = grown_vertices, grown_areas
            for vertex, area in ((a, first - lost_first), (b, last - lost_last)):
                if place[vertex] >= begin:
                    areas[place[vertex]] += area
                else:
                    place[vertex] = count
                    vertices[count], areas[count] = vertex, area
                    count += 1
        sizes[query] = cavity
        usable[query] = is_usable and summed > 0.0
        scale = summed if usable[query] else 1.0
        for i in range(begin, count):
            areas[i] /= scale
        sort_run(vertices, areas, begin, count)
        ends[query + 1] = count
    return ends, vertices[:count], areas[:count], usable, sizes


natural_neighbors = compile_kernel(_natural_neighbors, fused=False)
