"""Numerical kernels that know no class of this package: factors, sums and special functions."""
