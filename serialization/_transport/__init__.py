"""Payloads from process to process: shared memory, and Dask."""
