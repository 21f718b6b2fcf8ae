"""A mesh with the regularization that smooths it."""

from __future__ import annotations

from autoarray import exc
from autoarray._display import line
from autoarray._state import State
from autoarray.inversion.mesh.mesh.abstract import AbstractMesh
from autoarray.inversion.regularization.abstract import AbstractRegularization


class Pixelization(State):
    """How a source is reconstructed: on which mesh, and how smoothly.

    Parameters
    ----------
    mesh
        The mesh, such as `RectangularUniform(shape=(30, 30))`, or None where a subclass or a test needs none.
    regularization
        The scheme that smooths the reconstruction, or None.

    Raises
    ------
    PixelizationException
        If `mesh` is not a mesh or `regularization` not a regularization scheme, or the scheme is one of split points
        and the mesh has none.
    """

    def __init__(self, mesh: AbstractMesh | None, regularization: AbstractRegularization | None = None) -> None:
        if mesh is not None and not isinstance(mesh, AbstractMesh):
            raise exc.PixelizationException(f"Pixelization.mesh: expected a mesh object or None, found {mesh!r}")
        if regularization is not None and not isinstance(regularization, AbstractRegularization):
            raise exc.PixelizationException(
                f"Pixelization.regularization: expected a regularization object or None, found {regularization!r}"
            )
        is_split = regularization is not None and regularization.is_split_regularization
        if is_split and mesh is not None and not mesh.supports_split_regularization:
            raise exc.PixelizationException(
                f"Pixelization.regularization: expected a scheme without split points for the mesh "
                f"{type(mesh).__name__}, which has none to interpolate to, found {type(regularization).__name__}; "
                "use a Delaunay or nearest-neighbor mesh, or a scheme such as Constant or Adapt"
            )
        self.mesh = mesh
        self.regularization = regularization

    def _repr_parts(self) -> list[str]:
        state = vars(self)
        return [f"{name}={line.compact(state[name], 90)}" for name in ("mesh", "regularization")]
