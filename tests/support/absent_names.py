"""What this project leaves out of the public names of PyAutoArray 2026.10.26.1, and why.

An entry is a pattern (`fnmatch`) of modules (`autoarray.util.fnnls`), of names in a module that both have
(`autoarray.fit.fit_util.name`), of members of a class (`...Settings.name`), of arguments (`...plot_array(name)`), or of
short names (`autoarray.util:fnnls`). A test holds that each entry of `DELIBERATE` matches something that is absent.
"""

_INVERSION = "autoarray.inversion."
_INTERPOLATOR = f"{_INVERSION}mesh.interpolator."
_GEOMETRY = f"{_INVERSION}mesh.mesh_geometry."
_UTIL = f"{_INVERSION}inversion.inversion_util."
_INTERFEROMETER = f"{_INVERSION}inversion.interferometer."
_OPERATOR = f"{_INVERSION}inversion.imaging.inversion_imaging_util.ImagingSparseOperator"

DELIBERATE: dict[str, tuple[str, ...]] = {
    "The positive-only solver is this project's own, and keeps nothing between fits": (
        "autoarray.util.cholesky_funcs",
        "autoarray.util.fnnls",
        "autoarray.util.jax_active_set",
        "autoarray.util.jax_nnls",
        "autoarray.util:cholesky_funcs",
        "autoarray.util:fnnls",
        "autoarray.util:jax_active_set",
        "autoarray.util:jax_nnls",
        f"{_INVERSION}inversion.nnls_memo",
        f"{_UTIL}reconstruction_positive_only_from(fingerprint)",
        f"{_UTIL}reconstruction_positive_only_from(solver)",
        f"{_UTIL}reconstruction_positive_only_from(stats)",
        f"{_UTIL}reconstruction_positive_only_from(preconditioning)",
        f"{_INVERSION}inversion.abstract.AbstractInversion.positive_only_*_used",
    ),
    "Linear systems are formed by this project's own kernels, of which numba compiles those that pay": (
        f"{_INVERSION}inversion.imaging_numba",
        f"{_INVERSION}inversion.imaging_numba.*",
        f"{_INVERSION}mappers.mapper_numba_util",
        "autoarray.util:inversion_imaging_numba",
        "autoarray.util:mapper_numba",
        f"{_UTIL}curvature_matrix_diag_via_psf_weighted_noise_from",
        f"{_UTIL}curvature_matrix_mirrored_from",
        f"{_UTIL}log_det_from_passive_cholesky_from",
        f"{_UTIL}log_det_sparse_spd_from",
        f"{_UTIL}mapped_reconstructed_data_via_psf_weighted_noise_from",
        f"{_UTIL}preconditioner_matrix_via_mapping_matrix_from",
        f"{_INVERSION}inversion.abstract.AbstractInversion.data_linear_func_matrix_dict",
        f"{_OPERATOR}(*)",
        f"{_OPERATOR}.from_noise_map_and_psf(dtype)",
        f"{_INVERSION}regularization.regularization_util.pixel_splitted_regularization_matrix_np_from",
        f"{_INVERSION}regularization.regularization_util.pixel_splitted_regularization_matrix_from(*)",
        f"{_INVERSION}regularization.regularization_util.reg_split_np_from",
    ),
    "Triangulations, nearest neighbors and Voronoi cells are computed by this project's own code, not by Qhull": (
        f"{_INTERPOLATOR}delaunay.*",
        f"{_INTERPOLATOR}sibson.*circumcircles_from",
        f"{_INTERPOLATOR}sibson.jax_*",
        f"{_INTERPOLATOR}sibson.scipy_delaunay_nn",
        f"{_INTERPOLATOR}sibson.sibson_numba_kernel",
        f"{_INTERPOLATOR}sibson.sibson_mappings_weights_from_tables(*)",
        f"{_INTERPOLATOR}knn.get_interpolation_weights(point_block)",
        f"{_GEOMETRY}delaunay.voronoi_areas_numpy(qhull_options)",
        f"{_INVERSION}mesh.mesh.delaunay_nn.DelaunayNN.query_chunk",
    ),
    "Products with the kernels of visibilities, and solves without a matrix, are steps of this project's own code": (
        f"{_INTERFEROMETER}inversion_interferometer_matrix_free_util",
        f"{_INTERFEROMETER}inversion_interferometer_util.InterferometerSparseOperator.col_offsets",
        f"{_INTERFEROMETER}matrix_free.InversionInterferometerMatrixFree.operator",
        f"{_INTERFEROMETER}matrix_free.InversionInterferometerMatrixFree.regularization_factor_sparse",
        f"{_INVERSION}inversion.interferometer_numba.inversion_interferometer_numba_util",
        f"{_INVERSION}inversion.interferometer_numba.sparse.InversionInterferometerSparseNumba.*",
    ),
    "The non-uniform Fourier transform is this project's own, and asks for no package": (
        "autoarray.operators.nufft_cpu",
        "autoarray.operators.transformer.nufftax_exception",
    ),
    "Empty of functions of its own: its three names are those of `autoarray.plot`": (
        "autoarray.structures.plot",
        "autoarray.structures.plot.structure_plots",
    ),
    "The transforms of adaptive rectangular meshes are objects here (`mesh._transform`)": (
        f"{_INTERPOLATOR}rectangular.adaptive_rectangular_*",
        f"{_INTERPOLATOR}rectangular.create_transforms*",
        f"{_INTERPOLATOR}rectangular.forward_interp*",
        f"{_INTERPOLATOR}rectangular.reverse_interp*",
    ),
    "Parts of a function that is here (`rectangular_neighbors_from`, `BorderRelocator`), which nobody else calls": (
        f"{_GEOMETRY}rectangular.rectangular_*_neighbors",
        f"{_GEOMETRY}rectangular.rectangular_edges_from",
        f"{_INVERSION}mesh.border_relocator.*_from",
    ),
    "Constructors check their arguments themselves": (f"{_INVERSION}regularization.abstract.validate_coefficient",),
    "How objects cross the boundary of `jax.jit` is one mechanism for all classes (`_pytree`)": (
        "autoarray.abstract_ndarray.AbstractNDArray.instance_flatten",
        "autoarray.abstract_ndarray.AbstractNDArray.instance_unflatten",
        "*.tree_flatten",
        "*.tree_unflatten",
    ),
    "An attribute of every object, and none of the class": (
        f"{_INTERFEROMETER}inversion_interferometer_util.InterferometerSparseOperator.data_term",
        f"{_INTERFEROMETER}inversion_interferometer_util.InterferometerSparseOperator.noise_normalization",
        f"{_INTERFEROMETER}inversion_interferometer_util.InterferometerSparseOperator.primary_beam_slim",
        f"{_INTERFEROMETER}inversion_interferometer_util.SparseTerms.*",
        "autoarray.settings.Settings.*",
        f"{_INVERSION}mappings.mapping.Mapping.peak_value",
        "autoarray.mask.abstract_mask.Mask.pixel_scales",
    ),
    "Names that a module imports for its own use": (
        "autoarray.type:List",
        "autoarray.type:Tuple",
        "autoarray.type:Union",
    ),
}

# What is on its way. Nothing is asked of these entries but that they match what is absent otherwise.
