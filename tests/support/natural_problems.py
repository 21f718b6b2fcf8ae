"""Awkward triangulations for natural-neighbor interpolation."""

from __future__ import annotations

import numpy as np


def lattice() -> np.ndarray:
    """Forty vertices, every four neighbors of which are on a circle."""
    return np.stack(np.meshgrid(np.arange(8.0), np.arange(5.0)), axis=-1).reshape(-1, 2)


def ring(total: int, seed: int) -> np.ndarray:
    """Vertices next to one circle, all of which are natural neighbors of a point at its centre."""
    rng = np.random.default_rng(seed)
    angle, radius = 2.0 * np.pi * np.arange(total) / total, 1.0 + 1e-4 * rng.normal(size=total)
    return np.stack((radius * np.sin(angle), radius * np.cos(angle)), axis=1)


def awkward() -> dict[str, np.ndarray]:
    """Forty vertices each, of which some are twice there, on a circle, on a lattice, or dense in one place."""
    rng = np.random.default_rng(3)
    base = rng.normal(size=(40, 2))
    return {
        "random": base,
        "twice": np.concatenate((base[:30], base[:10])),
        "almost twice": np.concatenate((base[:30], base[:10] + 1e-13)),
        "circle": np.concatenate((ring(30, 0) / np.hypot(*ring(30, 0).T)[:, None], 0.3 * base[:10])),
        "lattice": lattice(),
        "dense": base * np.exp(-8.0 * rng.uniform(size=(40, 1))),
        "almost a line": np.concatenate((np.stack((np.arange(39.0), np.zeros(39)), axis=1), [[3.0, 1.0]])),
    }
