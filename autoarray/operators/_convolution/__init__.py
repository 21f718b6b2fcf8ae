"""Convolution by a PSF: kernels, the frames that hold an image, by FFT and as a sparse matrix."""
