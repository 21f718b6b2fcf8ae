"""Settings of every test, made before JAX is imported by any of them."""

import os

os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["JAX_ENABLE_X64"] = "1"
# Mixing NumPy float64 with JAX float32 by accident raises, rather than promoting.
os.environ["JAX_NUMPY_DTYPE_PROMOTION"] = "strict"

from hypothesis import HealthCheck, settings

# The first example of a property may compile JAX code, which no deadline should count; a failure
# in one run is the same failure in the next.
settings.register_profile("project", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")
