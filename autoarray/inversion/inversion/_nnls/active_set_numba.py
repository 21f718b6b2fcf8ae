"""The kernel of `active_set.py`."""

from __future__ import annotations

import numpy as np

from autoarray._numerics.compiled import compile_kernel

# How the iteration ended.
SOLVED, NOT_POSITIVE_DEFINITE, UNFINISHED = 0, 1, 2


def _restricted_solution(matrix, vector, passive, factor, solution):
    """Write the solution for some parameters, zero for the others, and say whether their matrix has a factor."""
    params = vector.size
    index = np.empty(params, dtype=np.int64)
    size = 0
    for i in range(params):
        solution[i] = 0.0
        if passive[i]:
            index[size] = i
            size += 1
    # The factor U of U^T U by rows, the inner loops along which are contiguous, and then the solutions with both.
    values = np.empty(size)
    for i in range(size):
        values[i] = vector[index[i]]
        for j in range(i, size):
            factor[i, j] = matrix[index[i], index[j]]
    for i in range(size):
        pivot = factor[i, i]
        if not pivot > 0.0:
            return False
        pivot = np.sqrt(pivot)
        for j in range(i, size):
            factor[i, j] /= pivot
        values[i] /= pivot
        for k in range(i + 1, size):
            scale = factor[i, k]
            values[k] -= scale * values[i]
            for j in range(k, size):
                factor[k, j] -= scale * factor[i, j]
    for i in range(size - 1, -1, -1):
        value = values[i]
        for j in range(i + 1, size):
            value -= factor[i, j] * values[j]
        values[i] = value / factor[i, i]
        solution[index[i]] = values[i]
    return True


restricted_solution = compile_kernel(_restricted_solution)


def _solve(matrix, vector, start, tolerance, max_iterations):
    """The solution, how the iteration ended, and how many conditions are broken; see `active_set.solve`."""
    params = vector.size
    passive, refused, freed = start.copy(), np.zeros(params, dtype=np.bool_), start.copy()
    factor, aim, gradient = np.empty((params, params)), np.empty(params), np.empty(params)
    x, lowest, one_by_one, broken = np.zeros(params), np.inf, False, 0
    scale = 0.0
    for i in range(params):
        scale = max(scale, abs(vector[i]))
    tiny = np.finfo(np.float64).tiny
    for _ in range(max_iterations):
        # The minimum for parameters that stay positive on the way to it, and which ones these are.
        while True:
            if not restricted_solution(matrix, vector, passive, factor, aim):
                return x, NOT_POSITIVE_DEFINITE, broken
            share = np.inf
            for i in range(params):
                if passive[i] and aim[i] <= 0.0:
                    share = min(share, x[i] / max(x[i] - aim[i], tiny))
            if share == np.inf:
                x[:] = aim
                break
            for i in range(params):
                before = x[i]
                x[i] = max(before + share * (aim[i] - before), 0.0)
                if passive[i] and aim[i] <= 0.0 and before / max(before - aim[i], tiny) <= share:
                    passive[i] = False
                if not passive[i]:
                    x[i] = 0.0
        gradient[:] = -vector
        for i in range(params):
            if x[i] != 0.0:
                for j in range(params):
                    gradient[j] += x[i] * matrix[i, j]
        value, last_freed, freed_count = 0.0, -1, 0
        for i in range(params):
            value += 0.5 * x[i] * (gradient[i] - vector[i])
            if freed[i]:
                last_freed = i
                freed_count += 1
        one_by_one = not value < lowest
        if not one_by_one:
            lowest = value
            refused[:] = False
        elif freed_count == 1:
            refused[last_freed] = True
        broken, steepest, least = 0, -1, np.inf
        for i in range(params):
            freed[i] = not passive[i] and not refused[i] and gradient[i] < -tolerance * scale
            if freed[i]:
                broken += 1
                slope = gradient[i] / np.sqrt(matrix[i, i])
                if slope < least:
                    least, steepest = slope, i
        if broken == 0:
            return x, SOLVED, broken
        for i in range(params):
            freed[i] = freed[i] and (not one_by_one or i == steepest)
            passive[i] = passive[i] or freed[i]
    return x, UNFINISHED, broken


solve = compile_kernel(_solve)
