"""Profiles of light and geometry, and points, by name: where their classes are, and their attributes.

`python tests/autolens/make_tables.py` writes this module from the classes themselves.
"""

# pyright: strict

from __future__ import annotations

PROFILES = (
    ("EllProfile", "geometry_profiles:EllProfile", "centre ell_comps"),
    ("GeometryProfile", "geometry_profiles:GeometryProfile", "centre"),
    ("SphProfile", "geometry_profiles:SphProfile", "centre"),
    (
        "light.AbstractSersic",
        "light.standard.sersic:AbstractSersic",
        "centre ell_comps intensity effective_radius sersic_index",
    ),
    ("light.AbstractShapelet", "light.standard.shapelets.abstract:AbstractShapelet", "beta centre ell_comps intensity"),
    (
        "lmp_linear.DevVaucouleurs",
        "light_linear_and_mass_profiles:DevVaucouleurs",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index",
    ),
    (
        "lmp_linear.DevVaucouleursSph",
        "light_linear_and_mass_profiles:DevVaucouleursSph",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index",
    ),
    (
        "lmp_linear.Exponential",
        "light_linear_and_mass_profiles:Exponential",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index",
    ),
    (
        "lmp_linear.ExponentialGradient",
        "light_linear_and_mass_profiles:ExponentialGradient",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index mass_to_light_gradient",
    ),
    (
        "lmp_linear.ExponentialGradientSph",
        "light_linear_and_mass_profiles:ExponentialGradientSph",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index mass_to_light_gradient",
    ),
    (
        "lmp_linear.ExponentialSph",
        "light_linear_and_mass_profiles:ExponentialSph",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index",
    ),
    (
        "lmp_linear.Gaussian",
        "light_linear_and_mass_profiles:Gaussian",
        "centre ell_comps mass_to_light_ratio intensity sigma",
    ),
    (
        "lmp_linear.GaussianGradient",
        "light_linear_and_mass_profiles:GaussianGradient",
        "mass_to_light_ratio_base mass_to_light_gradient mass_to_light_radius centre ell_comps "
        "mass_to_light_ratio intensity sigma",
    ),
    (
        "lmp_linear.Sersic",
        "light_linear_and_mass_profiles:Sersic",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index",
    ),
    (
        "lmp_linear.SersicCore",
        "light_linear_and_mass_profiles:SersicCore",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index radius_break alpha gamma",
    ),
    (
        "lmp_linear.SersicCoreSph",
        "light_linear_and_mass_profiles:SersicCoreSph",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index radius_break alpha gamma",
    ),
    (
        "lmp_linear.SersicGradient",
        "light_linear_and_mass_profiles:SersicGradient",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index mass_to_light_gradient",
    ),
    (
        "lmp_linear.SersicGradientSph",
        "light_linear_and_mass_profiles:SersicGradientSph",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index mass_to_light_gradient",
    ),
    (
        "lmp_linear.SersicSph",
        "light_linear_and_mass_profiles:SersicSph",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index",
    ),
    ("lp.Chameleon", "light.standard.chameleon:Chameleon", "centre ell_comps intensity core_radius_0 core_radius_1"),
    (
        "lp.ChameleonSph",
        "light.standard.chameleon:ChameleonSph",
        "centre ell_comps intensity core_radius_0 core_radius_1",
    ),
    (
        "lp.DevVaucouleurs",
        "light.standard.dev_vaucouleurs:DevVaucouleurs",
        "centre ell_comps intensity effective_radius sersic_index",
    ),
    (
        "lp.DevVaucouleursSph",
        "light.standard.dev_vaucouleurs:DevVaucouleursSph",
        "centre ell_comps intensity effective_radius sersic_index",
    ),
    ("lp.ElsonFreeFall", "light.standard.eff:ElsonFreeFall", "centre ell_comps intensity effective_radius eta"),
    ("lp.ElsonFreeFallSph", "light.standard.eff:ElsonFreeFallSph", "centre ell_comps intensity effective_radius eta"),
    (
        "lp.Exponential",
        "light.standard.exponential:Exponential",
        "centre ell_comps intensity effective_radius sersic_index",
    ),
    (
        "lp.ExponentialCore",
        "light.standard.exponential_core:ExponentialCore",
        "centre ell_comps intensity effective_radius sersic_index radius_break alpha gamma",
    ),
    (
        "lp.ExponentialCoreSph",
        "light.standard.exponential_core:ExponentialCoreSph",
        "centre ell_comps intensity effective_radius sersic_index radius_break alpha gamma",
    ),
    (
        "lp.ExponentialSph",
        "light.standard.exponential:ExponentialSph",
        "centre ell_comps intensity effective_radius sersic_index",
    ),
    ("lp.Gaussian", "light.standard.gaussian:Gaussian", "centre ell_comps intensity sigma"),
    (
        "lp.GaussianMultipole",
        "light.standard.gaussian_multipole:GaussianMultipole",
        "centre ell_comps intensity sigma multipole_3_comps multipole_4_comps",
    ),
    ("lp.GaussianSph", "light.standard.gaussian:GaussianSph", "centre ell_comps intensity sigma"),
    ("lp.Moffat", "light.standard.moffat:Moffat", "centre ell_comps intensity alpha beta"),
    ("lp.MoffatSph", "light.standard.moffat:MoffatSph", "centre ell_comps intensity alpha beta"),
    ("lp.PointSource", "light.standard.point_source:PointSource", "centre ell_comps intensity"),
    ("lp.Sersic", "light.standard.sersic:Sersic", "centre ell_comps intensity effective_radius sersic_index"),
    (
        "lp.SersicCore",
        "light.standard.sersic_core:SersicCore",
        "centre ell_comps intensity effective_radius sersic_index radius_break alpha gamma",
    ),
    (
        "lp.SersicCoreSph",
        "light.standard.sersic_core:SersicCoreSph",
        "centre ell_comps intensity effective_radius sersic_index radius_break alpha gamma",
    ),
    (
        "lp.SersicMultipole",
        "light.standard.sersic_multipole:SersicMultipole",
        "centre ell_comps intensity effective_radius sersic_index multipole_3_comps multipole_4_comps",
    ),
    ("lp.SersicSph", "light.standard.sersic:SersicSph", "centre ell_comps intensity effective_radius sersic_index"),
    (
        "lp.ShapeletCartesian",
        "light.standard.shapelets.cartesian:ShapeletCartesian",
        "n_y n_x beta centre ell_comps intensity",
    ),
    (
        "lp.ShapeletCartesianSph",
        "light.standard.shapelets.cartesian:ShapeletCartesianSph",
        "n_y n_x beta centre ell_comps intensity",
    ),
    (
        "lp.ShapeletExponential",
        "light.standard.shapelets.exponential:ShapeletExponential",
        "n m beta centre ell_comps intensity",
    ),
    (
        "lp.ShapeletExponentialSph",
        "light.standard.shapelets.exponential:ShapeletExponentialSph",
        "n m beta centre ell_comps intensity",
    ),
    ("lp.ShapeletPolar", "light.standard.shapelets.polar:ShapeletPolar", "n m beta centre ell_comps intensity"),
    ("lp.ShapeletPolarSph", "light.standard.shapelets.polar:ShapeletPolarSph", "n m beta centre ell_comps intensity"),
    ("lp_basis.LightProfile", "light.abstract:LightProfile", "centre ell_comps intensity"),
    (
        "lp_linear.DevVaucouleurs",
        "light.linear.dev_vaucouleurs:DevVaucouleurs",
        "centre ell_comps intensity effective_radius sersic_index",
    ),
    (
        "lp_linear.DevVaucouleursSph",
        "light.linear.dev_vaucouleurs:DevVaucouleursSph",
        "centre ell_comps intensity effective_radius sersic_index",
    ),
    (
        "lp_linear.Exponential",
        "light.linear.exponential:Exponential",
        "centre ell_comps intensity effective_radius sersic_index",
    ),
    (
        "lp_linear.ExponentialCore",
        "light.linear.exponential_core:ExponentialCore",
        "centre ell_comps intensity effective_radius sersic_index radius_break alpha gamma",
    ),
    (
        "lp_linear.ExponentialCoreSph",
        "light.linear.exponential_core:ExponentialCoreSph",
        "centre ell_comps intensity effective_radius sersic_index radius_break alpha gamma",
    ),
    (
        "lp_linear.ExponentialSph",
        "light.linear.exponential:ExponentialSph",
        "centre ell_comps intensity effective_radius sersic_index",
    ),
    ("lp_linear.Gaussian", "light.linear.gaussian:Gaussian", "centre ell_comps intensity sigma"),
    (
        "lp_linear.GaussianMultipole",
        "light.linear.gaussian_multipole:GaussianMultipole",
        "centre ell_comps intensity sigma multipole_3_comps multipole_4_comps",
    ),
    ("lp_linear.GaussianSph", "light.linear.gaussian:GaussianSph", "centre ell_comps intensity sigma"),
    ("lp_linear.LightProfileLinear", "light.linear.abstract:LightProfileLinear", "centre ell_comps intensity"),
    ("lp_linear.Moffat", "light.linear.moffat:Moffat", "centre ell_comps intensity alpha beta"),
    ("lp_linear.MoffatSph", "light.linear.moffat:MoffatSph", "centre ell_comps intensity alpha beta"),
    ("lp_linear.PointSource", "light.linear.point_source:PointSource", "centre ell_comps intensity"),
    ("lp_linear.Sersic", "light.linear.sersic:Sersic", "centre ell_comps intensity effective_radius sersic_index"),
    (
        "lp_linear.SersicCore",
        "light.linear.sersic_core:SersicCore",
        "centre ell_comps intensity effective_radius sersic_index radius_break alpha gamma",
    ),
    (
        "lp_linear.SersicCoreSph",
        "light.linear.sersic_core:SersicCoreSph",
        "centre ell_comps intensity effective_radius sersic_index radius_break alpha gamma",
    ),
    (
        "lp_linear.SersicMultipole",
        "light.linear.sersic_multipole:SersicMultipole",
        "centre ell_comps intensity effective_radius sersic_index multipole_3_comps multipole_4_comps",
    ),
    (
        "lp_linear.SersicSph",
        "light.linear.sersic:SersicSph",
        "centre ell_comps intensity effective_radius sersic_index",
    ),
    (
        "lp_linear.ShapeletCartesian",
        "light.linear.shapelets.cartesian:ShapeletCartesian",
        "n_y n_x beta centre ell_comps intensity",
    ),
    (
        "lp_linear.ShapeletCartesianSph",
        "light.linear.shapelets.cartesian:ShapeletCartesianSph",
        "n_y n_x beta centre ell_comps intensity",
    ),
    (
        "lp_linear.ShapeletExponential",
        "light.linear.shapelets.exponential:ShapeletExponential",
        "n m beta centre ell_comps intensity",
    ),
    (
        "lp_linear.ShapeletExponentialSph",
        "light.linear.shapelets.exponential:ShapeletExponentialSph",
        "n m beta centre ell_comps intensity",
    ),
    ("lp_linear.ShapeletPolar", "light.linear.shapelets.polar:ShapeletPolar", "n m beta centre ell_comps intensity"),
    (
        "lp_linear.ShapeletPolarSph",
        "light.linear.shapelets.polar:ShapeletPolarSph",
        "n m beta centre ell_comps intensity",
    ),
    ("lp_linear_operated.Gaussian", "light.linear_operated.gaussian:Gaussian", "centre ell_comps intensity sigma"),
    ("lp_linear_operated.Moffat", "light.linear_operated.moffat:Moffat", "centre ell_comps intensity alpha beta"),
    (
        "lp_linear_operated.Sersic",
        "light.linear_operated.sersic:Sersic",
        "centre ell_comps intensity effective_radius sersic_index",
    ),
    ("lp_operated.Gaussian", "light.operated.gaussian:Gaussian", "centre ell_comps intensity sigma"),
    ("lp_operated.LightProfileOperated", "light.operated.abstract:LightProfileOperated", ""),
    ("lp_operated.Moffat", "light.operated.moffat:Moffat", "centre ell_comps intensity alpha beta"),
    ("lp_operated.Sersic", "light.operated.sersic:Sersic", "centre ell_comps intensity effective_radius sersic_index"),
    (
        "lp_snr.Chameleon",
        "light.snr.chameleon:Chameleon",
        "centre ell_comps intensity core_radius_0 core_radius_1 signal_to_noise_ratio",
    ),
    (
        "lp_snr.ChameleonSph",
        "light.snr.chameleon:ChameleonSph",
        "centre ell_comps intensity core_radius_0 core_radius_1 signal_to_noise_ratio",
    ),
    (
        "lp_snr.DevVaucouleurs",
        "light.snr.dev_vaucouleurs:DevVaucouleurs",
        "centre ell_comps intensity effective_radius sersic_index signal_to_noise_ratio",
    ),
    (
        "lp_snr.DevVaucouleursSph",
        "light.snr.dev_vaucouleurs:DevVaucouleursSph",
        "centre ell_comps intensity effective_radius sersic_index signal_to_noise_ratio",
    ),
    (
        "lp_snr.ElsonFreeFall",
        "light.snr.eff:ElsonFreeFall",
        "centre ell_comps intensity effective_radius eta signal_to_noise_ratio",
    ),
    (
        "lp_snr.ElsonFreeFallSph",
        "light.snr.eff:ElsonFreeFallSph",
        "centre ell_comps intensity effective_radius eta signal_to_noise_ratio",
    ),
    (
        "lp_snr.Exponential",
        "light.snr.exponential:Exponential",
        "centre ell_comps intensity effective_radius sersic_index signal_to_noise_ratio",
    ),
    (
        "lp_snr.ExponentialSph",
        "light.snr.exponential:ExponentialSph",
        "centre ell_comps intensity effective_radius sersic_index signal_to_noise_ratio",
    ),
    ("lp_snr.Gaussian", "light.snr.gaussian:Gaussian", "centre ell_comps intensity sigma signal_to_noise_ratio"),
    ("lp_snr.GaussianSph", "light.snr.gaussian:GaussianSph", "centre ell_comps intensity sigma signal_to_noise_ratio"),
    ("lp_snr.LightProfileSNR", "light.snr.abstract:LightProfileSNR", "signal_to_noise_ratio"),
    (
        "lp_snr.Sersic",
        "light.snr.sersic:Sersic",
        "centre ell_comps intensity effective_radius sersic_index signal_to_noise_ratio",
    ),
    (
        "lp_snr.SersicCore",
        "light.snr.sersic_core:SersicCore",
        "centre ell_comps intensity effective_radius sersic_index radius_break alpha gamma signal_to_noise_ratio",
    ),
    (
        "lp_snr.SersicSph",
        "light.snr.sersic:SersicSph",
        "centre ell_comps intensity effective_radius sersic_index signal_to_noise_ratio",
    ),
    ("ps.Point", "point_sources:Point", "centre"),
    ("ps.PointFlux", "point_sources:PointFlux", "centre flux"),
    ("ps.PointSolved", "point_sources:PointSolved", ""),
)
