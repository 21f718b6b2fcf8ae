"""Galaxies, what they are adapted to, cosmologies, ellipses, and fits and analyses of `autogalaxy`."""

# pyright: strict

from __future__ import annotations

from serialization._lens import light, mass
from serialization._lens.entries import entry, of_array_library, profiles_of
from serialization._schema.kinds import objects_of

_NUMBER = objects_of("builtins:int")
_DISTANCES = ("_dist_cache",)  # a table of distances that is filled again
_COSMOLOGY = "H0 Om0 Tcmb0 Neff m_nu Ob0 w0"
SIMULATOR = (
    "exposure_time background_sky_level subtract_background_sky psf use_real_space_convolution normalize_psf "
    "add_poisson_noise_to_data include_poisson_noise_in_noise_map noise_if_add_noise_false noise_seed"
)
ANALYSIS = "_use_jax kwargs"
ANALYSIS_OF_DATASET = f"{ANALYSIS} cosmology dataset adapt_images settings title_prefix"
# What fits keep of themselves on PyAutoArray, under the names of properties that are no longer kept so.
KEPT_BY_FITS = (
    *("grids", "residual_map", "normalized_residual_map", "chi_squared_map", "chi_squared", "noise_normalization"),
    *("log_likelihood", "log_likelihood_with_regularization", "log_evidence", "figure_of_merit", "signal_to_noise_map"),
    *("residual_flux_fraction_map", "reduced_chi_squared"),
)
FIT = "dataset use_mask_in_fit dataset_model _inversion"
RESULTS_OF_FITS = ("blurred_image", "profile_subtracted_image", "inversion", "model_data")
RESULTS_OF_VISIBILITIES = ("profile_image", "profile_visibilities", "profile_subtracted_visibilities", "inversion")
# Visibilities of each galaxy, as many again as the data: they are computed again when they are asked for.
_OF_GALAXIES = ("galaxy_image_dict", "galaxy_model_visibilities_dict", "model_visibilities_of_galaxies_list")
_MORE = "autogalaxy.profiles."

TYPES = (
    *profiles_of("autogalaxy", "profiles.", light.PROFILES),
    *profiles_of("autogalaxy", "profiles.", mass.PROFILES),
    entry(
        "autogalaxy.lp_basis.Basis",
        f"{_MORE}basis:Basis",
        "centre ell_comps intensity profile_list regularization",
        as_key=True,
    ),
    of_array_library(
        "autogalaxy.LightProfileLinearObjFuncList",
        f"{_MORE}light.linear.abstract:LightProfileLinearObjFuncList",
        "regularization grid settings blurring_grid psf light_profile_list",
        caches=("_shared_eccentric_radii_index_groups",),
        left_out=("neighbors", "unique_mappings", "mapping_matrix", "operated_mapping_matrix_override"),
    ),
    entry(
        "autogalaxy.Galaxy",
        "autogalaxy.galaxy.galaxy:Galaxy",
        "id _label redshift",
        is_open=True,
        as_key=True,
        kinds={"id": _NUMBER},
    ),
    entry(
        "autogalaxy.MassField",
        "autogalaxy.galaxy.mass_field:MassField",
        "id _label redshift",
        is_open=True,
        as_key=True,
        kinds={"id": _NUMBER},
    ),
    entry("autogalaxy.Galaxies", "autogalaxy.galaxy.galaxies:Galaxies", "items", sequence=True),
    entry("autogalaxy.Redshift", "autogalaxy.galaxy.redshift:Redshift", "", plain=float),
    entry(
        "autogalaxy.AdaptImages",
        "autogalaxy.analysis.adapt_images.adapt_images:AdaptImages",
        "galaxy_image_dict galaxy_name_image_dict galaxy_image_plane_mesh_grid_dict "
        "galaxy_name_image_plane_mesh_grid_dict galaxy_path_list",
    ),
    entry("autogalaxy.cosmo.FlatLambdaCDM", "autogalaxy.cosmology.model:FlatLambdaCDM", _COSMOLOGY, caches=_DISTANCES),
    entry("autogalaxy.cosmo.Planck15", "autogalaxy.cosmology.model:Planck15", _COSMOLOGY, caches=_DISTANCES),
    entry(
        "autogalaxy.Ellipse", "autogalaxy.ellipse.ellipse.ellipse:Ellipse", "centre ell_comps major_axis", as_key=True
    ),
    entry(
        "autogalaxy.EllipseMultipole",
        "autogalaxy.ellipse.ellipse.ellipse_multipole:EllipseMultipole",
        "m multipole_comps",
    ),
    entry(
        "autogalaxy.EllipseMultipoleScaled",
        "autogalaxy.ellipse.ellipse.ellipse_multipole:EllipseMultipoleScaled",
        "scaled_multipole_comps major_axis m",
        optional=("multipole_comps",),
    ),
    entry("autogalaxy.DatasetInterp", "autogalaxy.ellipse.dataset_interp:DatasetInterp", "dataset"),
    of_array_library(
        "autogalaxy.FitEllipse",
        "autogalaxy.ellipse.fit_ellipse:FitEllipse",
        "dataset use_mask_in_fit dataset_model ellipse multipole_list",
        left_out=KEPT_BY_FITS,
    ),
    entry("autogalaxy.FitEllipseSummed", "autogalaxy.ellipse.fit_ellipse:FitEllipseSummed", "fit_list"),
    of_array_library(
        "autogalaxy.FitImaging",
        "autogalaxy.imaging.fit_imaging:FitImaging",
        f"{FIT} model_obj settings galaxies adapt_images",
        cached=RESULTS_OF_FITS,
        left_out=KEPT_BY_FITS,
    ),
    of_array_library(
        "autogalaxy.FitInterferometer",
        "autogalaxy.interferometer.fit_interferometer:FitInterferometer",
        f"{FIT} model_obj settings galaxies adapt_images",
        cached=(*RESULTS_OF_VISIBILITIES, "model_data"),
        caches=_OF_GALAXIES,
        left_out=KEPT_BY_FITS,
    ),
    of_array_library("autogalaxy.SimulatorImaging", "autogalaxy.imaging.simulator:SimulatorImaging", SIMULATOR),
    of_array_library(
        "autogalaxy.ShearYX2DIrregular", "autogalaxy.util.shear_field:ShearYX2DIrregular", "_is_transformed _array grid"
    ),
    of_array_library(
        "autogalaxy.ShearYX2D", "autogalaxy.util.shear_field:ShearYX2D", "_is_transformed _array mask grid"
    ),
    entry(
        "autogalaxy.AnalysisEllipse",
        "autogalaxy.ellipse.model.analysis:AnalysisEllipse",
        f"{ANALYSIS} dataset title_prefix",
    ),
    entry("autogalaxy.AnalysisImaging", "autogalaxy.imaging.model.analysis:AnalysisImaging", ANALYSIS_OF_DATASET),
    entry(
        "autogalaxy.AnalysisInterferometer",
        "autogalaxy.interferometer.model.analysis:AnalysisInterferometer",
        ANALYSIS_OF_DATASET,
    ),
)
