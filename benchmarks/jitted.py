"""The fit of `problem` as a compiled function of arrays, against the public names of `autoarray`.

Worker processes of either library import it at the first request for JAX.
"""

from __future__ import annotations

import inspect
import time
from typing import Any

import jax
import jax.numpy as jnp
import light
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


def fit_from(
    dataset: Any,
    mesh: str,
    pixels: int,
    slim: Any,
    over_sampled: Any,
    vertices: Any,
    profiles: Any = None,
    gaussians: int = light.GAUSSIANS,
) -> Any:
    """The fit of a traced grid, its over-sampled form and, for vertex meshes, the traced vertices.

    `profiles`, of shape (sets, 4), add the Gaussians of `light.functions_from`, so many in all.
    """
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
    functions = [] if profiles is None else light.functions_from(dataset, profiles, jnp, gaussians)
    inversion = aa.Inversion(dataset=dataset, linear_obj_list=[*functions, mapper], xp=jnp)
    if problem.FIT_TAKES_INVERSION:
        return aa.FitImaging(dataset=dataset, inversion=inversion, xp=jnp)
    return InversionFit(dataset, inversion)


def _of_jax(cls: Any, **arguments: Any) -> Any:
    # The peer's grids infer their library from their values.
    if "xp" in inspect.signature(cls.__init__).parameters:
        arguments["xp"] = jnp
    return cls(**arguments)


class Jitted:
    """The compiled functions of one mesh, with so many Gaussians for the light of the lens.

    The first call of a function compiles it.
    """

    def __init__(self, dataset: Any, mesh: str, pixels: int, gaussians: int = 0) -> None:
        self.dataset, self.mesh, self.pixels, self.gaussians = dataset, mesh, pixels, gaussians

        def log_evidence(*arguments: Any) -> Any:
            return fit_from(dataset, mesh, pixels, *arguments, gaussians=gaussians).log_evidence

        def solution(*arguments: Any) -> Any:
            fit = fit_from(dataset, mesh, pixels, *arguments, gaussians=gaussians)
            return fit.log_evidence, fit.inversion.reconstruction

        free = (0, 1, 3) if gaussians else (0, 1)
        self.functions: dict[str, Any] = {
            "value": jax.jit(log_evidence),
            "gradient": jax.jit(jax.value_and_grad(log_evidence, argnums=free)),
            "batch": jax.jit(jax.vmap(log_evidence)),
            "solution": jax.jit(solution),
        }

    def arguments(self, index: int) -> tuple[Any, Any, Any, Any]:
        """The arguments of evaluation `index`; see `problem.traced_grids` and `light.profiles_from`."""
        slim, over_sampled = problem.traced_grids(self.dataset, index)
        vertices = None
        if not problem.MESHES[self.mesh][0].startswith("Rectangular"):
            image_plane = problem.vertices_from(self.dataset, self.pixels)
            vertices = jnp.asarray(problem.trace(image_plane, problem.einstein_radius_from(index)))
        profiles = jnp.asarray(light.profiles_from(index)) if self.gaussians else None
        return jnp.asarray(slim), jnp.asarray(over_sampled), vertices, profiles

    def batch_arguments(self, index: int, size: int) -> tuple[Any, Any, Any, Any]:
        """The stacked arguments of `size` models: evaluations `index * size` and after."""
        models = [self.arguments(index * size + i) for i in range(size)]
        return jax.tree_util.tree_map(lambda *leaves: jnp.stack(leaves), *models)

    def evaluate(self, what: str, index: int, size: int) -> dict[str, Any]:
        """Seconds, and the log evidences, of one call of a function; a batch has `size` models."""
        arguments = self.batch_arguments(index, size) if what == "batch" else self.arguments(index)
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
