"""Write the archives: pickles of small, fixed problems by the PyAutoArray release that this interpreter has.

    python make_payloads.py {numpy|jax} [few]    ->  <release>/{numpy|jax}/ next to this script

With `few` it leaves out what another release of the same schema has written.

README.md tells how the environments are made, and what the files are. The script runs with any release from
2026.5 on, needs cloudpickle and dill, and imports nothing of this project.
"""

from __future__ import annotations

import importlib
import inspect
import json
import logging
import lzma
import pickle
import platform
import sys
import types
import warnings
from pathlib import Path

import cloudpickle
import dill
import numpy as np
import scipy

import autoarray as aa

warnings.simplefilter("ignore")
logging.disable(logging.WARNING)
BACKEND, FEW = sys.argv[1], "few" in sys.argv[2:]
xp = np
if BACKEND == "jax":
    jax = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    xp = jax.numpy
OUT = Path(__file__).parent / aa.__version__ / BACKEND
SHAPE, SCALE, RADIUS, MESH, EINSTEIN = (10, 10), 0.1, 0.35, (5, 5), 0.2
EDGE = 4  # vertices on a circle around the others, of which the solution is held at zero
WRITERS = {"pickle": lambda o: pickle.dumps(o, protocol=5), "cloudpickle": cloudpickle.dumps, "dill": dill.dumps}


# ---------------------------------------------------------------- the problem


def dataset_from(sub_size=2):
    """A masked dataset of a noisy ring; `sub_size` may be an array with a size for each pixel of the mask."""
    rng = np.random.default_rng(20260504)
    centres = (np.arange(SHAPE[0]) - (SHAPE[0] - 1) / 2) * SCALE
    y, x = np.meshgrid(-centres, centres, indexing="ij")
    image = np.exp(-(((np.hypot(y - 0.03, x + 0.02) - EINSTEIN) / 0.1) ** 2)) + rng.normal(0.0, 0.05, SHAPE)
    noise = 0.05 * (1.0 + 0.3 * np.abs(np.sin(3 * y + 2 * x)))
    whole = aa.Imaging(
        data=aa.Array2D.no_mask(values=image, pixel_scales=SCALE),
        noise_map=aa.Array2D.no_mask(values=noise, pixel_scales=SCALE),
        psf=aa.Convolver.from_gaussian(shape_native=(3, 3), sigma=0.08, pixel_scales=SCALE, normalize=True),
        over_sample_size_lp=2,
        over_sample_size_pixelization=2,
    )
    masked = whole.apply_mask(mask=aa.Mask2D.circular(shape_native=SHAPE, pixel_scales=SCALE, radius=RADIUS))
    if sub_size == 2:
        return masked
    if sub_size is None:  # one size for each pixel
        sizes = 1 + np.arange(masked.mask.pixels_in_mask) % 3
        sub_size = aa.Array2D(values=sizes, mask=masked.mask)
    return masked.apply_over_sampling(over_sample_size_lp=sub_size, over_sample_size_pixelization=sub_size)


def deflected(grid):
    """Source-plane coordinates, off-centre and sheared, so that no two distances are the same."""
    grid = np.asarray(getattr(grid, "array", grid))
    offset = grid - np.array([0.0173, -0.0231])
    radius = np.sqrt((offset**2).sum(axis=1)) + 1e-8
    return grid - EINSTEIN * offset / radius[:, None] + grid @ np.array([[0.031, 0.052], [0.019, -0.043]])


ADAPT = {"shape": MESH, "weight_power": 1.2, "weight_floor": 0.001}
VERTEX = {"pixels": None}
# What releases have of these is written. The names say what is in the files.
MESHES = {
    "uniform": ("RectangularUniform", {"shape": MESH}),
    "adapt_density": ("RectangularAdaptDensity", {"shape": MESH}),
    "adapt_image": ("RectangularAdaptImage", ADAPT),
    "spline_adapt_density": ("RectangularSplineAdaptDensity", {"shape": MESH}),
    "spline_adapt_image": ("RectangularSplineAdaptImage", ADAPT),
    # With the default degree of 11 some weights of this mesh are NaN.
    "rotated_adapt_image": ("RectangularRotatedAdaptImage", {**ADAPT, "spline_deg": 7}),
    "kernel_adapt_density": ("RectangularKernelAdaptDensity", {"shape": MESH, "bandwidth": 0.8}),
    "kernel_adapt_image": ("RectangularKernelAdaptImage", {**ADAPT, "n_knots": 48}),
    "bilinear_adapt_density": ("RectangularBilinearAdaptDensity", {"shape": MESH}),
    "bilinear_adapt_image": ("RectangularBilinearAdaptImage", ADAPT),
    "rtu_adapt_density": ("RectangularRTUAdaptDensity", {"shape": MESH, "bandwidth": 0.8}),
    "rtu_adapt_image": ("RectangularRTUAdaptImage", {**ADAPT, "n_knots": 48}),
    "delaunay": ("Delaunay", VERTEX),
    "delaunay_nn": ("DelaunayNN", VERTEX),
    "knn": ("KNearestNeighbor", {**VERTEX, "k_neighbors": 6}),
    "knn_barycentric": ("KNNBarycentric", {**VERTEX, "k_neighbors": 6}),
}
# The density mesh of a release, of which the parts are written one by one as well.
DENSITY = next(n for n in ("adapt_density", "bilinear_adapt_density") if hasattr(aa.mesh, MESHES[n][0]))


def mesh_from(name, pixels=None, **changes):
    cls, arguments = MESHES[name]
    arguments = {**arguments, **changes}
    if "pixels" in arguments:
        arguments |= {"pixels": pixels, "zeroed_pixels": EDGE}
    return getattr(aa.mesh, cls)(**arguments)


def known(cls, **arguments):
    """The arguments that a class of this release takes."""
    return {k: v for k, v in arguments.items() if k in inspect.signature(cls).parameters}


def inversion_from(name, regularization=None, settings=None, sub_size=2, sparse=False, **changes):
    """An inversion of which nothing has been computed."""
    dataset = dataset_from(sub_size)
    if sparse:
        dataset = dataset.apply_sparse_operator()
    grid = dataset.grids.pixelization
    source = aa.Grid2D(
        values=deflected(grid),
        mask=dataset.mask,
        over_sample_size=grid.over_sample_size,
        over_sampled=aa.Grid2DIrregular(values=deflected(grid.over_sampled)),
    )
    y, x = np.asarray(grid.array).T
    weights = np.exp(-(((np.hypot(y - 0.03, x + 0.02) - EINSTEIN) / 0.1) ** 2))
    adapt_data = aa.Array2D(values=0.01 + weights, mask=dataset.mask)
    image_grid = vertices = None
    if "pixels" in MESHES[name][1]:
        from autoarray.inversion.mesh.image_mesh.abstract import append_with_circle_edge_points

        image_grid = aa.image_mesh.Overlay(shape=(5, 5)).image_plane_mesh_grid_from(mask=dataset.mask)
        image_grid = append_with_circle_edge_points(
            image_plane_mesh_grid=image_grid, centre=(0.0, 0.0), radius=RADIUS + 0.05, n_points=EDGE
        )
        vertices = aa.Grid2DIrregular(values=deflected(image_grid))
        mesh = mesh_from(name, image_grid.shape[0] - EDGE, **changes)
        regularization = regularization or aa.reg.ConstantSplit(coefficient=1.0)
    else:
        mesh = mesh_from(name, **changes)
        regularization = regularization or aa.reg.Constant(coefficient=1.0)
    follows = "adapt_image" in name or "Adapt" in type(regularization).__name__
    interpolator = mesh.interpolator_from(
        source_plane_data_grid=source,
        source_plane_mesh_grid=vertices,
        border_relocator=dataset.grids.border_relocator,
        adapt_data=adapt_data if follows else None,
        xp=xp,
    )
    mapper = aa.Mapper(
        interpolator=interpolator, regularization=regularization, image_plane_mesh_grid=image_grid, xp=xp
    )
    return aa.Inversion(dataset=dataset, linear_obj_list=[mapper], settings=settings, xp=xp)


def chain_from(inversion):
    mapper = inversion.linear_obj_list[0]
    return {
        "dataset": inversion.dataset,
        "geometry": mapper.interpolator.mesh_geometry,
        "interpolator": mapper.interpolator,
        "mapper": mapper,
        "inversion": inversion,
    }


# ---------------------------------------------------------------- what the release computes


def array(values):
    return np.asarray(getattr(values, "array", values))


def numbers(values):
    return array(values).tolist()


def attempt(function):
    """The value, or the error: some releases can't compute some values."""
    try:
        return function()
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:200]}


def probe(length):
    """The vector that stands for the rows, or the columns, of a matrix."""
    return np.sin(1.0 + 0.7 * np.arange(length))


def projections(matrix):
    """A matrix of shape (m, n) as m and n numbers."""
    matrix = array(matrix)
    return {"rows": numbers(matrix @ probe(matrix.shape[1])), "columns": numbers(probe(matrix.shape[0]) @ matrix)}


def geometry_values(geometry):
    values = {
        "xp": geometry._xp.__name__,
        "mesh_grid": numbers(probe(geometry.mesh_grid.shape[0]) @ array(geometry.mesh_grid)),
        "areas": attempt(lambda: numbers(geometry.areas_for_magnification)),
        "neighbors": attempt(lambda: numbers(geometry.neighbors)),
        "neighbors_sizes": attempt(lambda: numbers(geometry.neighbors.sizes)),
    }
    if hasattr(type(geometry), "edges_transformed"):
        values["edges"] = attempt(lambda: numbers(geometry.edges_transformed))
        values["shape"] = list(geometry.shape)
        values["pixel_scales"] = attempt(lambda: [float(v) for v in geometry.pixel_scales])
    if hasattr(type(geometry), "dual_areas"):
        values["dual_areas"] = attempt(lambda: numbers(geometry.dual_areas))
    if hasattr(type(geometry), "voronoi"):  # a `scipy.spatial.Voronoi` among the cached values
        attempt(lambda: geometry.voronoi)
    values["origin"] = attempt(lambda: [float(v) for v in geometry.origin])
    return values


def table(interpolator):
    """Mappings and weights as a matrix of shape (sub-pixels, mesh pixels)."""
    mappings, sizes, weights = (array(getattr(interpolator, name)) for name in ("mappings", "sizes", "weights"))
    matrix = np.zeros((len(mappings), interpolator.mesh_grid.shape[0]))
    rows, columns = np.nonzero(np.arange(mappings.shape[1]) < sizes[:, None])
    np.add.at(matrix, (rows, mappings[rows, columns]), weights[rows, columns])
    return matrix


def interpolator_values(interpolator):
    return {"xp": interpolator._xp.__name__, "table": attempt(lambda: projections(table(interpolator))["columns"])}


def mapper_values(mapper):
    return {
        "params": int(mapper.params),
        "mapping_matrix": attempt(lambda: projections(mapper.mapping_matrix)),
        "mapping_matrix_sum": attempt(lambda: float(array(mapper.mapping_matrix).sum())),
    }


TERMS = ("regularization_term", "log_det_curvature_reg_matrix_term", "log_det_regularization_matrix_term")


def inversion_values(inversion):
    values = {"class": type(inversion).__name__, "use_jax": bool(inversion.use_jax)}
    values["reconstruction"] = attempt(lambda: numbers(inversion.reconstruction))
    values["model_data"] = attempt(lambda: numbers(inversion.mapped_reconstructed_operated_data))
    values |= {name: attempt(lambda name=name: float(getattr(inversion, name))) for name in TERMS}
    if any(isinstance(values[name], dict) for name in ("reconstruction", "model_data", *TERMS)):
        return values
    data, noise = array(inversion.data), array(inversion.noise_map)
    chi_squared = float((((data - np.array(values["model_data"])) / noise) ** 2).sum())
    normalization = float(np.log(2 * np.pi * noise**2).sum())
    regularization, log_det_curvature, log_det_regularization = (values[name] for name in TERMS)
    values["chi_squared"] = chi_squared
    values["noise_normalization"] = normalization
    values["log_likelihood"] = -0.5 * (chi_squared + normalization)
    values["log_evidence"] = -0.5 * (
        chi_squared + regularization + log_det_curvature - log_det_regularization + normalization
    )
    return values


def imaging_values(dataset):
    return {
        "data": numbers(dataset.data),
        "noise_map_sum": float(array(dataset.noise_map).sum()),
        "shape_native": list(dataset.data.shape_native),
        "psf": numbers(dataset.psf.kernel),
        "over_sampled": projections(dataset.grids.pixelization.over_sampled)["columns"],
        "signal_to_noise_max": attempt(lambda: float(dataset.signal_to_noise_max)),
    }


def whole_values(inversion, matrix=False):
    mapper = inversion.linear_obj_list[0]
    values = {
        "geometry": geometry_values(mapper.interpolator.mesh_geometry),
        "interpolator": interpolator_values(mapper.interpolator),
        "mapper": mapper_values(mapper),
        "inversion": inversion_values(inversion),
    }
    if matrix:
        dense = array(mapper.mapping_matrix)
        rows, columns = np.nonzero(dense)
        values["mapper"]["matrix"] = [rows.tolist(), columns.tolist(), dense[rows, columns].tolist()]
    return values


# ---------------------------------------------------------------- what is written


def user_module():
    """A package of a user's own, whose objects hold objects of the release."""
    module = types.ModuleType("survey_lenses")
    code = (
        "class Galaxy:\n    def __init__(self, **parts):\n        self.__dict__.update(parts)\n"
        "class Tracer(Galaxy):\n    pass\n"
    )
    exec(code, module.__dict__)
    sys.modules["survey_lenses"] = module
    return module


class Archive:
    """The files of one release and backend."""

    def __init__(self):
        OUT.mkdir(parents=True, exist_ok=True)
        for path in OUT.glob("*"):
            path.unlink()
        self.objects = {}

    def write(self, name, obj, formats):
        """The object in each format; one that holds the same bytes as another one is left out."""
        entry = self.objects.setdefault(name.removesuffix(".warm"), {"files": [], "failed": {}})
        written = []
        for form in formats:
            try:
                data = WRITERS[form](obj)
            except Exception as error:
                entry["failed"][f"{name}.{form}"] = f"{type(error).__name__}: {error}"[:120]
                continue
            if data not in written:
                written.append(data)
                entry["files"].append(f"{name}.{form}.xz")
                (OUT / f"{name}.{form}.xz").write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))

    def describe(self, name, kind, mesh, values):
        self.objects[name] |= {"kind": kind, "mesh": mesh, "values": values}
        print(aa.__version__, BACKEND, name, "failed:", self.objects[name]["failed"] or "none", flush=True)

    def close(self):
        found = {
            "release": aa.__version__,
            "backend": BACKEND,
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "dill": dill.__version__,
            "cloudpickle": cloudpickle.__version__,
        }
        if BACKEND == "jax":
            found["jax"] = jax.__version__
        rows = [
            f" {json.dumps(name)}: {json.dumps(entry, separators=(',', ':'))}" for name, entry in self.objects.items()
        ]
        text = f'{{"written_by": {json.dumps(found)},\n"objects": {{\n' + ",\n".join(rows) + "\n}}\n"
        (OUT / "expected.json").write_text(text)


def can_pickle(obj):
    try:
        pickle.dumps(obj)
    except TypeError:
        return False
    return True


def whole(archive, name):
    """Everything of a mesh as one graph, before and after it is evaluated."""
    chain = chain_from(inversion_from(name))
    label = f"chain_{name}"
    cold = ("pickle", "cloudpickle", "dill")
    if name != DENSITY:  # dill where standard pickle fails, or for what it does about arrays
        cold = ("pickle",) if can_pickle(chain) and BACKEND == "numpy" else ("dill",)
    archive.write(label, chain, cold)
    values = whole_values(chain["inversion"], matrix=BACKEND == "numpy" and name in (DENSITY, "delaunay"))
    if name == "delaunay" and BACKEND == "numpy":
        archive.write(f"{label}.warm", chain, ("pickle", "cloudpickle", "dill"))
    elif name == DENSITY or (not FEW and (BACKEND == "numpy" or name in ("delaunay", "knn"))):
        archive.write(f"{label}.warm", chain, ("dill",) if name == DENSITY else ("cloudpickle",))
    archive.describe(label, "chain", MESHES[name][0], values)


def parts(archive):
    """The parts of a chain as roots of their own."""
    for kind in ("geometry", "interpolator", "mapper") if BACKEND == "numpy" else ():
        chain = chain_from(inversion_from(DENSITY))
        archive.write(f"{kind}_{DENSITY}", chain[kind], ("pickle", "cloudpickle"))
        values = whole_values(chain["inversion"])
        archive.describe(f"{kind}_{DENSITY}", kind, MESHES[DENSITY][0], {kind: values[kind]})
    # The warm geometry of vertices: its neighbors are an array of a class of its own, whose sizes two formats lose.
    chain = chain_from(inversion_from("knn"))
    values = whole_values(chain["inversion"])
    archive.write("geometry_knn.warm", chain["geometry"], ("pickle", "dill"))
    archive.describe("geometry_knn", "geometry", MESHES["knn"][0], {"geometry": values["geometry"]})
    dataset = dataset_from()
    archive.write("imaging", dataset, ("pickle", "dill"))
    archive.describe("imaging", "imaging", None, {"imaging": imaging_values(dataset)})


def cases(archive):
    """Inversions that differ from those above in one thing each."""
    settings = aa.Settings(
        **known(
            aa.Settings,
            use_positive_only_solver=False,
            use_edge_zeroed_pixels=False,
            use_border_relocator=False,
            no_regularization_add_to_curvature_diag_value=1e-6,
            nnls_solver_tol=1e-9,
            nnls_max_iter=70,
            log_det_method="cholesky",
        )
    )
    described = {
        "settings": {"name": DENSITY, "settings": settings},
        "adapt": {"name": DENSITY, "regularization": aa.reg.Adapt(0.7, 2.5, 0.8)},
        "adapt_split": {"name": "delaunay", "regularization": aa.reg.AdaptSplit(0.7, 2.5, 0.8)},
        "matern": {"name": "delaunay", "regularization": aa.reg.MaternKernel(coefficient=1.3, scale=0.2, nu=1.5)},
        "gaussian": {"name": "uniform", "regularization": aa.reg.GaussianKernel(coefficient=1.3, scale=0.1)},
        "over_sampling": {"name": DENSITY, "sub_size": None},
        "sub_1_adapt_image": {
            # The only over-sampling at which a release can compute the areas of a weighted mesh.
            "name": DENSITY.replace("density", "image"),
            "sub_size": 1,
        },
        "not_square": {"name": DENSITY, "shape": (4, 6)},
        "sparse": {"name": DENSITY, "sparse": True},
    }
    if hasattr(aa.mesh, "RectangularSplineAdaptImage"):
        described["sub_1_spline_adapt_image"] = {"name": "spline_adapt_image", "sub_size": 1}
    if hasattr(aa.mesh, "RectangularKernelAdaptImage"):
        described["sub_1_kernel_adapt_image"] = {"name": "kernel_adapt_image", "sub_size": 1}
    if hasattr(aa.mesh, "RectangularRTUAdaptImage"):
        described["sub_1_rtu_adapt_image"] = {"name": "rtu_adapt_image", "sub_size": 1}
    for name, arguments in described.items():
        if BACKEND == "jax" and name not in ("settings", "adapt_split", "sparse"):
            continue
        label = f"case_{name}"
        try:
            inversion = inversion_from(**arguments)
        except Exception as error:
            print(aa.__version__, BACKEND, label, "not built:", repr(error)[:200], flush=True)
            continue
        archive.write(label, inversion, ("pickle",))
        values = whole_values(inversion)
        if name == "settings" and BACKEND == "numpy":
            archive.write(f"{label}.warm", inversion, ("dill",))
        if name not in ("over_sampling", "not_square", "gaussian", "matern") and "sub_1" not in name:
            del values["geometry"], values["interpolator"]  # which are those of the chain
        archive.describe(label, "inversion", MESHES[arguments["name"]][0], values)


def of_a_user(archive):
    module = user_module()
    inversion = inversion_from(DENSITY)
    mapper = inversion.linear_obj_list[0]
    pixelization = aa.Pixelization(mesh=mapper.interpolator.mesh, regularization=mapper.regularization)
    galaxies = [module.Galaxy(redshift=0.5), module.Galaxy(redshift=2.0, pixelization=pixelization)]
    lens = {"tracer": module.Tracer(galaxies=galaxies), "dataset": inversion.dataset}
    archive.write("user_tracer", lens, ("pickle",))
    archive.describe("user_tracer", "user", MESHES[DENSITY][0], {"redshifts": [0.5, 2.0]})


def main():
    archive = Archive()
    for name, (cls, _) in MESHES.items():
        if hasattr(aa.mesh, cls) and not (FEW and name in ("delaunay_nn", "knn", "knn_barycentric")):
            whole(archive, name)
    if not FEW:
        parts(archive)
        cases(archive)
    if BACKEND == "numpy" and not FEW:
        of_a_user(archive)
    archive.close()


if __name__ == "__main__":
    main()
