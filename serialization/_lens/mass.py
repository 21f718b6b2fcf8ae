"""Profiles of mass, and of light and mass, by name: where their classes are, and their attributes.

`python tests/autolens/make_tables.py` writes this module from the classes themselves.
"""

# pyright: strict

from __future__ import annotations

PROFILES = (
    (
        "lmp.Chameleon",
        "light_and_mass_profiles:Chameleon",
        "centre ell_comps mass_to_light_ratio intensity core_radius_0 core_radius_1",
    ),
    (
        "lmp.ChameleonSph",
        "light_and_mass_profiles:ChameleonSph",
        "centre ell_comps mass_to_light_ratio intensity core_radius_0 core_radius_1",
    ),
    (
        "lmp.DevVaucouleurs",
        "light_and_mass_profiles:DevVaucouleurs",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index",
    ),
    (
        "lmp.DevVaucouleursSph",
        "light_and_mass_profiles:DevVaucouleursSph",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index",
    ),
    (
        "lmp.Exponential",
        "light_and_mass_profiles:Exponential",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index",
    ),
    (
        "lmp.ExponentialGradient",
        "light_and_mass_profiles:ExponentialGradient",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index mass_to_light_gradient",
    ),
    (
        "lmp.ExponentialGradientSph",
        "light_and_mass_profiles:ExponentialGradientSph",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index mass_to_light_gradient",
    ),
    (
        "lmp.ExponentialSph",
        "light_and_mass_profiles:ExponentialSph",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index",
    ),
    ("lmp.Gaussian", "light_and_mass_profiles:Gaussian", "centre ell_comps mass_to_light_ratio intensity sigma"),
    (
        "lmp.GaussianGradient",
        "light_and_mass_profiles:GaussianGradient",
        "mass_to_light_ratio_base mass_to_light_gradient mass_to_light_radius centre ell_comps "
        "mass_to_light_ratio intensity sigma",
    ),
    ("lmp.LightMassProfile", "light_and_mass_profiles:LightMassProfile", ""),
    (
        "lmp.Sersic",
        "light_and_mass_profiles:Sersic",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index",
    ),
    (
        "lmp.SersicCore",
        "light_and_mass_profiles:SersicCore",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index radius_break alpha gamma",
    ),
    (
        "lmp.SersicCoreSph",
        "light_and_mass_profiles:SersicCoreSph",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index radius_break alpha gamma",
    ),
    (
        "lmp.SersicGradient",
        "light_and_mass_profiles:SersicGradient",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index mass_to_light_gradient",
    ),
    (
        "lmp.SersicGradientSph",
        "light_and_mass_profiles:SersicGradientSph",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index mass_to_light_gradient",
    ),
    (
        "lmp.SersicSph",
        "light_and_mass_profiles:SersicSph",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index",
    ),
    ("lp_basis.MassProfile", "mass.abstract.abstract:MassProfile", "centre ell_comps"),
    (
        "mass.AbstractSersic",
        "mass.stellar.sersic:AbstractSersic",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index",
    ),
    ("mass.AbstractgNFW", "mass.dark.abstract:AbstractgNFW", "centre ell_comps kappa_s scale_radius inner_slope"),
    (
        "mp.Chameleon",
        "mass.stellar.chameleon:Chameleon",
        "centre ell_comps mass_to_light_ratio intensity core_radius_0 core_radius_1",
    ),
    (
        "mp.ChameleonSph",
        "mass.stellar.chameleon:ChameleonSph",
        "centre ell_comps mass_to_light_ratio intensity core_radius_0 core_radius_1",
    ),
    (
        "mp.DevVaucouleurs",
        "mass.stellar.dev_vaucouleurs:DevVaucouleurs",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index",
    ),
    (
        "mp.DevVaucouleursSph",
        "mass.stellar.dev_vaucouleurs:DevVaucouleursSph",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index",
    ),
    (
        "mp.Exponential",
        "mass.stellar.exponential:Exponential",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index",
    ),
    (
        "mp.ExponentialSph",
        "mass.stellar.exponential:ExponentialSph",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index",
    ),
    (
        "mp.ExternalPotential",
        "mass.sheets.external_potential:ExternalPotential",
        "centre ell_comps gamma_1 gamma_2 tau_1 tau_2 delta_1 delta_2",
    ),
    ("mp.ExternalShear", "mass.sheets.external_shear:ExternalShear", "centre ell_comps gamma_1 gamma_2"),
    ("mp.Gaussian", "mass.stellar.gaussian:Gaussian", "centre ell_comps mass_to_light_ratio intensity sigma"),
    (
        "mp.GaussianGradient",
        "mass.stellar.gaussian_gradient:GaussianGradient",
        "mass_to_light_ratio_base mass_to_light_gradient mass_to_light_radius centre ell_comps "
        "mass_to_light_ratio intensity sigma",
    ),
    (
        "mp.GaussianRandomField",
        "mass.input.gaussian_random_field:GaussianRandomField",
        "mask power_amplitude power_slope seed centre ell_comps",
    ),
    ("mp.Isothermal", "mass.total.isothermal:Isothermal", "centre ell_comps einstein_radius slope core_radius"),
    (
        "mp.IsothermalCore",
        "mass.total.isothermal_core:IsothermalCore",
        "centre ell_comps einstein_radius slope core_radius",
    ),
    (
        "mp.IsothermalCoreSph",
        "mass.total.isothermal_core:IsothermalCoreSph",
        "centre ell_comps einstein_radius slope core_radius",
    ),
    ("mp.IsothermalSph", "mass.total.isothermal:IsothermalSph", "centre ell_comps einstein_radius slope core_radius"),
    (
        "mp.KaplinghatCoredNFWMCRLudlowSph",
        "mass.dark.kaplinghat_mcr:KaplinghatCoredNFWMCRLudlowSph",
        "mass_at_200 sigma_over_m t_age redshift_object redshift_source centre ell_comps kappa_s scale_radius "
        "interaction_radius central_density isothermal_radius _nfw",
    ),
    (
        "mp.KaplinghatCoredNFWSph",
        "mass.dark.kaplinghat:KaplinghatCoredNFWSph",
        "centre ell_comps kappa_s scale_radius sigma_over_m t_age interaction_radius central_density "
        "isothermal_radius _nfw",
    ),
    ("mp.MGEDecomposer", "mass.abstract.mge:MGEDecomposer", "mass_profile"),
    ("mp.MassSheet", "mass.sheets.mass_sheet:MassSheet", "centre ell_comps kappa"),
    ("mp.NFW", "mass.dark.nfw:NFW", "centre ell_comps kappa_s scale_radius inner_slope"),
    (
        "mp.NFWMCRDuffySph",
        "mass.dark.nfw_mcr:NFWMCRDuffySph",
        "mass_at_200 redshift_object redshift_source centre ell_comps kappa_s scale_radius inner_slope",
    ),
    (
        "mp.NFWMCRLudlow",
        "mass.dark.nfw_mcr:NFWMCRLudlow",
        "mass_at_200 redshift_object redshift_source centre ell_comps kappa_s scale_radius inner_slope",
    ),
    (
        "mp.NFWMCRLudlowSph",
        "mass.dark.nfw_mcr:NFWMCRLudlowSph",
        "mass_at_200 scatter_sigma redshift_object redshift_source centre ell_comps kappa_s scale_radius inner_slope",
    ),
    (
        "mp.NFWMCRScatterLudlow",
        "mass.dark.nfw_mcr_scatter:NFWMCRScatterLudlow",
        "mass_at_200 scatter_sigma redshift_object redshift_source centre ell_comps kappa_s scale_radius inner_slope",
    ),
    (
        "mp.NFWMCRScatterLudlowSph",
        "mass.dark.nfw_mcr_scatter:NFWMCRScatterLudlowSph",
        "mass_at_200 scatter_sigma redshift_object redshift_source centre ell_comps kappa_s scale_radius inner_slope",
    ),
    ("mp.NFWSph", "mass.dark.nfw:NFWSph", "centre ell_comps kappa_s scale_radius inner_slope"),
    (
        "mp.NFWTruncatedMCRDuffySph",
        "mass.dark.nfw_truncated_mcr:NFWTruncatedMCRDuffySph",
        "mass_at_200 centre ell_comps kappa_s scale_radius inner_slope truncation_radius tau",
    ),
    (
        "mp.NFWTruncatedMCRLudlowSph",
        "mass.dark.nfw_truncated_mcr:NFWTruncatedMCRLudlowSph",
        "mass_at_200 scatter_sigma redshift_object redshift_source centre ell_comps kappa_s scale_radius "
        "inner_slope truncation_radius tau",
    ),
    (
        "mp.NFWTruncatedMCRScatterLudlowSph",
        "mass.dark.nfw_truncated_mcr_scatter:NFWTruncatedMCRScatterLudlowSph",
        "mass_at_200 scatter_sigma redshift_object redshift_source centre ell_comps kappa_s scale_radius "
        "inner_slope truncation_radius tau",
    ),
    (
        "mp.NFWTruncatedSph",
        "mass.dark.nfw_truncated:NFWTruncatedSph",
        "centre ell_comps kappa_s scale_radius inner_slope truncation_radius tau",
    ),
    (
        "mp.NFWVirialMassConcSph",
        "mass.dark.nfw_virial_mass_conc:NFWVirialMassConcSph",
        "virial_mass concentration virial_overdens centre ell_comps kappa_s scale_radius inner_slope",
    ),
    ("mp.PIEMass", "mass.total.dual_pseudo_isothermal_mass:PIEMass", "centre ell_comps ra b0"),
    ("mp.PointMass", "mass.point.point:PointMass", "centre ell_comps einstein_radius"),
    ("mp.PowerLaw", "mass.total.power_law:PowerLaw", "centre ell_comps einstein_radius slope core_radius"),
    (
        "mp.PowerLawBroken",
        "mass.total.power_law_broken:PowerLawBroken",
        "centre ell_comps einstein_radius einstein_radius_elliptical break_radius inner_slope outer_slope nu dt kB",
    ),
    (
        "mp.PowerLawBrokenSph",
        "mass.total.power_law_broken:PowerLawBrokenSph",
        "centre ell_comps einstein_radius einstein_radius_elliptical break_radius inner_slope outer_slope nu dt kB",
    ),
    ("mp.PowerLawCore", "mass.total.power_law_core:PowerLawCore", "centre ell_comps einstein_radius slope core_radius"),
    (
        "mp.PowerLawCoreSph",
        "mass.total.power_law_core:PowerLawCoreSph",
        "centre ell_comps einstein_radius slope core_radius",
    ),
    (
        "mp.PowerLawIntermediate",
        "mass.total.power_law:PowerLawIntermediate",
        "centre ell_comps einstein_radius slope core_radius",
    ),
    (
        "mp.PowerLawMultipole",
        "mass.total.power_law_multipole:PowerLawMultipole",
        "centre ell_comps m einstein_radius slope multipole_comps",
    ),
    ("mp.PowerLawSph", "mass.total.power_law:PowerLawSph", "centre ell_comps einstein_radius slope core_radius"),
    ("mp.SMBH", "mass.point.smbh:SMBH", "mass centre ell_comps einstein_radius redshift_object redshift_source"),
    (
        "mp.SMBHBinary",
        "mass.point.smbh_binary:SMBHBinary",
        "separation angle_binary mass mass_ratio redshift_object redshift_source smbh_0 smbh_1 centre ell_comps",
    ),
    (
        "mp.Sersic",
        "mass.stellar.sersic:Sersic",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index",
    ),
    (
        "mp.SersicCore",
        "mass.stellar.sersic_core:SersicCore",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index radius_break alpha gamma",
    ),
    (
        "mp.SersicCoreSph",
        "mass.stellar.sersic_core:SersicCoreSph",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index radius_break alpha gamma",
    ),
    (
        "mp.SersicGradient",
        "mass.stellar.sersic_gradient:SersicGradient",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index mass_to_light_gradient",
    ),
    (
        "mp.SersicGradientSph",
        "mass.stellar.sersic_gradient:SersicGradientSph",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index mass_to_light_gradient",
    ),
    (
        "mp.SersicSph",
        "mass.stellar.sersic:SersicSph",
        "centre ell_comps mass_to_light_ratio intensity effective_radius sersic_index",
    ),
    (
        "mp.YangSIDMMCRLudlowSph",
        "mass.dark.yang24_mcr:YangSIDMMCRLudlowSph",
        "mass_at_200 sigma_over_m velocity_exponent velocity_ref t_age redshift_object redshift_source nu_eff "
        "sigma_eff_over_m tau_physical centre ell_comps kappa_s scale_radius tau rho_s_evolved "
        "scale_radius_evolved core_radius_evolved _nfw",
    ),
    (
        "mp.YangSIDMSph",
        "mass.dark.yang24:YangSIDMSph",
        "centre ell_comps kappa_s scale_radius tau rho_s_evolved scale_radius_evolved core_radius_evolved _nfw",
    ),
    ("mp.cNFW", "mass.dark.cnfw:cNFW", "centre ell_comps kappa_s scale_radius inner_slope core_radius"),
    (
        "mp.cNFWMCRLudlow",
        "mass.dark.cnfw_mcr:cNFWMCRLudlow",
        "mass_at_200 scatter_sigma f_c redshift_object redshift_source centre ell_comps kappa_s scale_radius "
        "inner_slope core_radius",
    ),
    (
        "mp.cNFWMCRLudlowSph",
        "mass.dark.cnfw_mcr:cNFWMCRLudlowSph",
        "mass_at_200 scatter_sigma f_c redshift_object redshift_source centre ell_comps kappa_s scale_radius "
        "inner_slope core_radius",
    ),
    (
        "mp.cNFWMCRScatterLudlow",
        "mass.dark.cnfw_mcr_scatter:cNFWMCRScatterLudlow",
        "mass_at_200 scatter_sigma f_c redshift_object redshift_source centre ell_comps kappa_s scale_radius "
        "inner_slope core_radius",
    ),
    (
        "mp.cNFWMCRScatterLudlowSph",
        "mass.dark.cnfw_mcr_scatter:cNFWMCRScatterLudlowSph",
        "mass_at_200 scatter_sigma f_c redshift_object redshift_source centre ell_comps kappa_s scale_radius "
        "inner_slope core_radius",
    ),
    ("mp.cNFWSph", "mass.dark.cnfw:cNFWSph", "centre ell_comps kappa_s scale_radius inner_slope core_radius"),
    (
        "mp.dPIEMass",
        "mass.total.dual_pseudo_isothermal_mass:dPIEMass",
        "centre ell_comps ra rs b0 ellipticity angle_pos sigma r_core r_cut redshift_object redshift_source H0 Om0",
    ),
    ("mp.dPIEMassB0", "mass.total.dual_pseudo_isothermal_mass:dPIEMassB0", "centre ell_comps ra rs b0"),
    ("mp.dPIEMassB0Sph", "mass.total.dual_pseudo_isothermal_mass:dPIEMassB0Sph", "centre ell_comps ra rs b0"),
    (
        "mp.dPIEMassSph",
        "mass.total.dual_pseudo_isothermal_mass:dPIEMassSph",
        "centre ell_comps ra rs b0 sigma r_core r_cut redshift_object redshift_source H0 Om0",
    ),
    ("mp.dPIEPotential", "mass.total.dual_pseudo_isothermal_potential:dPIEPotential", "centre ell_comps ra rs b0"),
    (
        "mp.dPIEPotentialSph",
        "mass.total.dual_pseudo_isothermal_potential:dPIEPotentialSph",
        "centre ell_comps ra rs b0",
    ),
    ("mp.gNFW", "mass.dark.gnfw:gNFW", "centre ell_comps kappa_s scale_radius inner_slope"),
    (
        "mp.gNFWMCRLudlow",
        "mass.dark.gnfw_mcr:gNFWMCRLudlow",
        "mass_at_200 redshift_object redshift_source centre ell_comps kappa_s scale_radius inner_slope",
    ),
    ("mp.gNFWSph", "mass.dark.gnfw:gNFWSph", "centre ell_comps kappa_s scale_radius inner_slope"),
    (
        "mp.gNFWVirialMassConcSph",
        "mass.dark.gnfw_virial_mass_conc:gNFWVirialMassConcSph",
        "log10m_vir c_2 redshift_object redshift_source inner_slope virial_radius overdens centre ell_comps "
        "kappa_s scale_radius",
    ),
    (
        "mp.gNFWVirialMassgNFWConcSph",
        "mass.dark.gnfw_virial_mass_gnfw_conc:gNFWVirialMassgNFWConcSph",
        "log10m_vir c_gNFW redshift_object redshift_source inner_slope virial_radius overdens centre "
        "ell_comps kappa_s scale_radius",
    ),
    (
        "sr.IsothermalMLR",
        "scaling_relations:IsothermalMLR",
        "luminosity relation centre ell_comps einstein_radius slope core_radius",
    ),
    (
        "sr.IsothermalSphMLR",
        "scaling_relations:IsothermalSphMLR",
        "luminosity relation centre ell_comps einstein_radius slope core_radius",
    ),
    ("sr.MassLightRelation", "scaling_relations:MassLightRelation", "gradient denominator power"),
)
