"""Analyses for live figures, as PyAutoFit has them, which the process that draws imports."""

from __future__ import annotations

from drawings import wait_for


class Analysis:
    """Writes what it knows as a figure."""

    times_sent = 0

    def __init__(self, use_jax=False):
        self.data = [1.0, 2.0]
        self._use_jax = use_jax

    def __setstate__(self, state):
        Analysis.times_sent += 1
        vars(self).update(state)

    def log_likelihood_function(self, instance):
        """How well an instance fits."""
        return float(instance["number"])

    def perform_quick_update(self, paths, instance):
        """Draw the fit of an instance, in the way that it asks for."""
        if "gate" in instance:
            instance["begun"].touch()
            wait_for(instance["gate"])
        if "error" in instance:
            raise instance["error"]
        if "elsewhere" in instance:
            return paths.search_internal_path
        if "nothing" not in instance:
            text = f"{instance['number']} sent {Analysis.times_sent} jax {self._use_jax} {sum(self.data)}"
            (paths.image_path / "fit.png").write_text(text)
        return None
