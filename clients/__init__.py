"""Commands of a checkout for environments with PyAutoLens: `make drop-in`, `make drop-out`, `make autolens-suites`."""
