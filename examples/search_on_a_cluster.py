"""Fits of many models on a Dask cluster, with a cache that its workers share.

python examples/search_on_a_cluster.py
"""

import tempfile
from pathlib import Path

import numpy as np
import simulated
from distributed import Client, LocalCluster

import serialization


def evaluated_fit(radius, dataset):
    """A fit that carries its results."""
    fit = simulated.fit_from(dataset, radius)
    _ = fit.log_evidence
    return fit


def cached_fit(radius, dataset, cache):
    """The fit from the cache; the first worker that needs it computes it."""
    return cache.get_or_compute(cache.key("cluster example", dataset, radius), lambda: evaluated_fit(radius, dataset))


def evidence_of(fit):
    return float(fit.log_evidence)


def main():
    dataset = simulated.dataset()
    radii = np.linspace(0.76, 0.84, 9).tolist()
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        serialization.register_dask(client)
        cache = serialization.Cache(Path(folder, "fits").as_uri())  # or a bucket, for workers on other machines
        there = client.scatter(dataset, broadcast=True)
        fits = client.map(cached_fit, radii, dataset=there, cache=cache)
        evidences = client.gather(client.map(evidence_of, fits))
        best = int(np.argmax(evidences))
        print(f"best Einstein radius: {radii[best]:.2f} arcsec, log evidence {evidences[best]:.3f}")
        fit = fits[best].result()
        print(
            "difference to a fit made here:", evidence_of(fit) - evidence_of(simulated.fit_from(dataset, radii[best]))
        )
        again = client.gather(client.map(cached_fit, radii, dataset=there, cache=cache, pure=False))
        print("from the cache, differences:", *(evidence_of(a) - b for a, b in zip(again, evidences, strict=True)))
        stats = cache.stats()
        print(f"entries: {stats.entries}, {stats.bytes / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
