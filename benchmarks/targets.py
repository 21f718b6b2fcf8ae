"""What the benchmarks have to show: the peer's time and memory over ours, for the problem of an HST image."""

from __future__ import annotations

from benchmarks.processes import PEER, PEER_SPARSE

# The peer's default path: its time over ours.
DEFAULT_PATH = {
    "uniform": 20.0,
    "adaptive": 20.0,
    "adaptive_image": 20.0,
    "kernel": 30.0,
    "kernel_image": 30.0,
    "delaunay": 15.0,
    "delaunay_nn": 15.0,
    "knn": 20.0,
    "knn_barycentric": 20.0,
}
# Its sparse path, after the set-up: where the peer's time is the inversion's, and where it is the mesh's.
SPARSE_PATH = {"light": 2.0, "none": 1.7}
SPARSE_PATH_OF_SLOW_MESHES = 20.0
SLOW_MESHES = ("kernel", "kernel_image", "knn", "knn_barycentric")
# The peak memory of each path over ours.
MEMORY = {PEER: 7.0, PEER_SPARSE: 2.0}
# Compiled by JAX: the value, without the light of a lens and with it, and the gradient in values.
JITTED = {"none": 3.0, "light": 8.0}
GRADIENT = 3.0


def target_of(side: str, mesh: str, light: int, size: str) -> float | None:
    """The least ratio of the times on a side of the peer, or None where there is no target."""
    if size != "hst":
        return None
    if side == PEER:
        return DEFAULT_PATH[mesh]
    if mesh in SLOW_MESHES:
        return SPARSE_PATH_OF_SLOW_MESHES if light else None
    return SPARSE_PATH["light" if light else "none"]
