"""Look for the Einstein radius of a lens while another process draws the best fit so far.

python examples/draw_while_searching.py
"""

import tempfile
from pathlib import Path

import numpy as np
import simulated

from autoarray.plot import BackgroundPlotter

imaging = simulated.dataset()

with tempfile.TemporaryDirectory() as folder:
    # `folder / "fit.png"` is always the newest figure; a viewer that reloads shows it.
    with BackgroundPlotter(folder) as plotter:
        best, radius = -np.inf, None
        for einstein_radius in np.linspace(0.6, 0.9, 16):
            fit = simulated.fit_from(imaging, einstein_radius)
            if fit.log_evidence > best:
                best, radius = fit.log_evidence, einstein_radius
                plotter.submit(fit)

    print(f"Einstein radius {radius:.2f}, log evidence {best:.2f}")
    print(f"{plotter.stats.submitted} fits were better than all before; all drawn but {plotter.stats.dropped}")
    print("figure:", *sorted(path.name for path in Path(folder).iterdir()))
