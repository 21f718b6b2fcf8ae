"""The log evidence as a function of a lens: compiled, differentiated, and evaluated for many lenses at once.

python examples/gradient_of_the_evidence.py
"""

import jax
import jax.numpy as jnp
import simulated

jax.config.update("jax_enable_x64", True)


def main():
    dataset = simulated.dataset()

    def log_evidence(einstein_radius):
        return simulated.fit_from(dataset, einstein_radius, xp=jnp).log_evidence

    value_and_slope = jax.jit(jax.value_and_grad(log_evidence))
    for radius in (0.78, 0.80, 0.82):
        value, slope = value_and_slope(radius)
        print(f"Einstein radius {radius:.2f}: log evidence {value:12.4f}, slope {slope:12.4f} per arcsec")

    radii = jnp.linspace(0.76, 0.84, 5)
    values = jax.jit(jax.vmap(log_evidence))(radii)
    print(f"best of {len(radii)} lenses at once: {radii[jnp.argmax(values)]:.2f} arcsec")


if __name__ == "__main__":
    main()
