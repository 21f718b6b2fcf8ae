"""Images, magnifications of shapes and critical curves of PyAutoLens are those that it has on PyAutoArray."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("autolens")
import point_models

REFERENCE = json.loads((Path(__file__).parent / "data" / "point.json").read_text(encoding="utf-8"))["values"]


def test_images_of_a_point():
    np.testing.assert_allclose(point_models.images(), REFERENCE["images"], atol=1e-12)


@pytest.mark.parametrize("redshift", [1.0, 2.0])
def test_images_and_what_is_filtered_out_stand_in_the_same_order(redshift):
    found = point_models.padded_images(redshift)
    np.testing.assert_allclose(found, REFERENCE["padded_images"][str(redshift)], atol=1e-12)


def test_images_of_a_point_under_jit():
    import jax
    from autolens.jax import register_tracer_classes

    tracer, solver = point_models.tracer(), point_models.solver(use_jax=True)
    register_tracer_classes(tracer)
    solve = jax.jit(lambda lens: solver.solve(tracer=lens, source_plane_coordinate=point_models.SOURCE).array)
    # Distances of autogalaxy mix whole numbers and others.
    with jax.numpy_dtype_promotion("standard"):
        images = np.asarray(solve(tracer))
    images = images[np.isfinite(images).all(axis=1)]
    np.testing.assert_allclose(sorted(images.tolist()), sorted(REFERENCE["images"]), atol=1e-12)


@pytest.mark.parametrize("name", point_models.SHAPES)
def test_magnification_of_a_shape(name):
    np.testing.assert_allclose(point_models.magnifications(name), REFERENCE["magnifications"][name], rtol=1e-10)


def test_critical_curve_and_caustic():
    found = point_models.curves()
    for name, expected in REFERENCE["curves"].items():
        np.testing.assert_allclose(found[name], expected, rtol=1e-10, atol=1e-10)
