"""Fit one image on NumPy and on JAX: the same numbers, from the same lines.

python examples/fit_numpy_and_jax.py
"""

import jax
import jax.numpy as jnp
import numpy as np
import simulated

jax.config.update("jax_enable_x64", True)


def main():
    dataset = simulated.dataset()
    on_numpy = simulated.fit_from(dataset, xp=np)
    on_jax = simulated.fit_from(dataset, xp=jnp)
    for name in ("log_likelihood", "log_evidence"):
        numpy_value, jax_value = float(getattr(on_numpy, name)), float(getattr(on_jax, name))
        print(f"{name:<16}{numpy_value:18.8f} (NumPy){jax_value:18.8f} (JAX)")
        assert abs(numpy_value - jax_value) < 1e-8 * abs(numpy_value)


if __name__ == "__main__":
    main()
