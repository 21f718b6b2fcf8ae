"""The inversion of interferometer data whose curvature matrix compiled loops sum."""
