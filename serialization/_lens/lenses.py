"""Tracers, and fits, analyses and solvers of `autolens`."""

# pyright: strict

from __future__ import annotations

from serialization._lens.entries import entry, of_array_library
from serialization._lens.galaxies import (
    ANALYSIS,
    ANALYSIS_OF_DATASET,
    FIT,
    KEPT_BY_FITS,
    RESULTS_OF_FITS,
    RESULTS_OF_VISIBILITIES,
    SIMULATOR,
)
from serialization._schema.kinds import objects_of

_TRACER = objects_of("autolens.lens.tracer:Tracer")
_LENS = "positions_likelihood_list"
_OF_DATASET = f"{ANALYSIS_OF_DATASET} {_LENS} raise_inversion_positions_likelihood_exception shared_preloads"
_POINT_CLASSES = ("fit_positions_cls", "fit_flux_cls", "fit_time_delays_cls")
_POINT = "name _data _noise_map tracer solver profile"
_POSITIONS = {
    "FitPositionsImagePair": "image.pair",
    "FitPositionsImagePairAll": "image.pair_all",
    "FitPositionsImagePairAllSolved": "image.pair_all",
    "FitPositionsImagePairRepeat": "image.pair_repeat",
    "FitPositionsImagePairRepeatSolved": "image.pair_repeat",
    "FitPositionsSource": "source.separations",
    "FitPositionsSourceSolved": "source.separations",
}
_OTHERS = {
    "FitFluxes": "fluxes",
    "FitFluxesSolved": "fluxes",
    "FitTimeDelays": "times_delays",
    "FitTimeDelaysSolved": "times_delays",
}
_SOLVER = (
    "y_min y_max x_min x_max scale pixel_scale_precision magnification_threshold neighbor_degree _use_jax "
    "residual_threshold grid"
)

TYPES = (
    entry(
        "autolens.Tracer",
        "autolens.lens.tracer:Tracer",
        "galaxies fields cosmology",
        kinds={"galaxies": objects_of("builtins:list", "autofit.mapper.model:ModelInstance")},
    ),
    of_array_library(
        "autolens.FitImaging",
        "autolens.imaging.fit_imaging:FitImaging",
        f"{FIT} model_obj settings tracer adapt_images preloads",
        cached=RESULTS_OF_FITS,
        left_out=KEPT_BY_FITS,
        kinds={"tracer": _TRACER},
    ),
    of_array_library(
        "autolens.FitInterferometer",
        "autolens.interferometer.fit_interferometer:FitInterferometer",
        f"{FIT} model_obj settings tracer adapt_images preloads",
        cached=RESULTS_OF_VISIBILITIES,
        left_out=KEPT_BY_FITS,
        kinds={"tracer": _TRACER},
    ),
    of_array_library("autolens.SimulatorImaging", "autolens.imaging.simulator:SimulatorImaging", SIMULATOR),
    entry(
        "autolens.PositionsLH",
        "autolens.analysis.positions:PositionsLH",
        "positions threshold plane_redshift log_likelihood_penalty_factor",
    ),
    entry(
        "autolens.PointDataset",
        "autolens.point.dataset:PointDataset",
        "name positions positions_noise_map fluxes fluxes_noise_map time_delays time_delays_noise_map redshift",
    ),
    entry("autolens.PointSolver", "autolens.point.solver.point_solver:PointSolver", _SOLVER, flag="use_jax"),
    entry("autolens.ShapeSolver", "autolens.point.solver.shape_solver:ShapeSolver", _SOLVER, flag="use_jax"),
    *(
        entry(
            f"autolens.{name}",
            f"autolens.point.fit.{module}:{name}",
            f"_use_jax {_POINT} {more}",
            flag="use_jax",
            left_out=KEPT_BY_FITS,
            kinds={"tracer": _TRACER},
        )
        for name, module, more in (
            *((name, f"positions.{module}", "") for name, module in _POSITIONS.items()),
            *((name, module, "positions") for name, module in _OTHERS.items()),
        )
    ),
    entry(
        "autolens.FitPointDataset",
        "autolens.point.fit.dataset:FitPointDataset",
        f"dataset tracer solver {' '.join(_POINT_CLASSES)} _use_jax positions flux time_delays",
        by_name=_POINT_CLASSES,
        flag="use_jax",
        kinds={"tracer": _TRACER},
    ),
    entry(
        "autolens.SourceMaxSeparation",
        "autolens.point.max_separation:SourceMaxSeparation",
        "data noise_map plane_positions",
    ),
    entry(
        "autolens.WeakDataset",
        "autolens.weak.dataset:WeakDataset",
        "name shear_yx noise_map redshifts is_reduced",
    ),
    entry(
        "autolens.FitWeak",
        "autolens.weak.fit:FitWeak",
        "dataset tracer _xp",
        by_name=("_xp",),
        kinds={"tracer": _TRACER},
        cached=("model_shear",),
    ),
    entry("autolens.AnalysisImaging", "autolens.imaging.model.analysis:AnalysisImaging", _OF_DATASET),
    entry(
        "autolens.AnalysisInterferometer",
        "autolens.interferometer.model.analysis:AnalysisInterferometer",
        _OF_DATASET,
    ),
    entry(
        "autolens.AnalysisPoint",
        "autolens.point.model.analysis:AnalysisPoint",
        f"{ANALYSIS} cosmology {_LENS} dataset image solver {' '.join(_POINT_CLASSES)} title_prefix",
        by_name=_POINT_CLASSES,
    ),
    entry(
        "autolens.AnalysisWeak",
        "autolens.weak.model.analysis:AnalysisWeak",
        f"{ANALYSIS} cosmology {_LENS} dataset title_prefix",
    ),
    entry("autolens.pc.RegularDpsiMesh", "autolens.potential_correction.mesh:RegularDpsiMesh", "factor", as_key=True),
    entry(
        "autolens.pc.DpsiPixelization",
        "autolens.potential_correction.pixelization:DpsiPixelization",
        "mesh regularization",
    ),
    entry(
        "autolens.pc.DpsiSrcPixelization",
        "autolens.potential_correction.pixelization:DpsiSrcPixelization",
        "dpsi_pixelization src_pixelization",
    ),
    entry(
        "autolens.pc.AnalyticSrcFactory",
        "autolens.potential_correction.src_factory:AnalyticSrcFactory",
        "source_galaxy",
    ),
)
