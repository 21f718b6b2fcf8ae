"""The demonstration behind `autoarray-state demo`: fit an image, carry the fit, compare what arrives."""
