"""The log evidence of `problem` as a compiled function of arrays, against the public names of `autoarray`.

Imported by a worker process only, by either library's interpreter, once it has been asked for JAX.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import problem
from problem import aa

jax.config.update("jax_enable_x64", True)


class InversionFit(aa.FitImaging):
    """`problem.InversionFit`, in JAX."""

    def __init__(self, dataset: Any, inversion: Any) -> None:
        super().__init__(dataset=dataset, xp=jnp)
        self.solved = inversion

    inversion = problem.InversionFit.inversion
    blurred_image = problem.InversionFit.blurred_image
    model_data = problem.InversionFit.model_data


def log_evidence_from(dataset: Any, mesh: str, pixels: int, slim: Any, over_sampled: Any, vertices: Any) -> Any:
    """The log evidence of a traced grid, its over-sampled form and, for vertex meshes, the traced vertices."""
    grid = _of_jax(
        aa.Grid2D,
        values=slim,
        mask=dataset.mask,
        over_sample_size=dataset.grids.pixelization.over_sample_size,
        over_sampled=_of_jax(aa.Grid2DIrregular, values=over_sampled),
    )
    interpolator = problem.mesh_from(mesh, pixels).interpolator_from(
        source_plane_data_grid=grid,
        source_plane_mesh_grid=None if vertices is None else _of_jax(aa.Grid2DIrregular, values=vertices),
        border_relocator=dataset.grids.border_relocator,
        adapt_data=problem.adapt_data_from(dataset) if mesh.endswith("image") else None,
        xp=jnp,
    )
    regularization = getattr(aa.reg, problem.MESHES[mesh][1])(coefficient=1.0)
    mapper = aa.Mapper(interpolator=interpolator, regularization=regularization, xp=jnp)
    inversion = aa.Inversion(dataset=dataset, linear_obj_list=[mapper], xp=jnp)
    if problem.FIT_TAKES_INVERSION:
        return aa.FitImaging(dataset=dataset, inversion=inversion, xp=jnp).log_evidence
    return InversionFit(dataset, inversion).log_evidence


def _of_jax(cls: Any, **arguments: Any) -> Any:
    # The peer's grids take their library from their values.
    if "xp" in inspect.signature(cls.__init__).parameters:
        arguments["xp"] = jnp
    return cls(**arguments)


class Jitted:
    """The compiled functions of one mesh, each compiled by its first call."""

    def __init__(self, dataset: Any, mesh: str, pixels: int) -> None:
        self.dataset, self.mesh, self.pixels = dataset, mesh, pixels

        def log_evidence(*arguments: Any) -> Any:
            return log_evidence_from(dataset, mesh, pixels, *arguments)

        self.functions: dict[str, Callable[..., Any]] = {
            "value": jax.jit(log_evidence),
            "gradient": jax.jit(jax.value_and_grad(log_evidence, argnums=(0, 1))),
            "batch": jax.jit(jax.vmap(log_evidence)),
        }

    def arguments(self, index: int) -> tuple[Any, Any, Any]:
        """The arguments of evaluation `index`; see `problem.traced_grids`."""
        slim, over_sampled = problem.traced_grids(self.dataset, index)
        vertices = None
        if not problem.MESHES[self.mesh][0].startswith("Rectangular"):
            image_plane = problem.vertices_from(self.dataset, self.pixels)
            vertices = jnp.asarray(problem.traced(image_plane, problem.einstein_radius_from(index)))
        return jnp.asarray(slim), jnp.asarray(over_sampled), vertices

    def evaluate(self, what: str, index: int, size: int) -> dict[str, Any]:
        """Seconds, and the log evidences, of one call of a function; a batch has `size` models."""
        if what == "batch":
            models = [self.arguments(index * size + i) for i in range(size)]
            arguments = jax.tree_util.tree_map(lambda *leaves: jnp.stack(leaves), *models)
        else:
            arguments = self.arguments(index)
        jax.block_until_ready(arguments)
        start = time.perf_counter()
        result = jax.block_until_ready(self.functions[what](*arguments))
        seconds = time.perf_counter() - start
        values = result[0] if what == "gradient" else result
        return {
            "seconds": seconds,
            "log_evidence": np.ravel(values).tolist(),
            "device": f"{jax.devices()[0].platform} ({jax.devices()[0].device_kind})",
        }
