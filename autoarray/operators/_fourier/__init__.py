"""Fourier transforms between images on a lattice of pixels and visibilities at any frequencies."""
