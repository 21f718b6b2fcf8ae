"""Payloads that are almost right, read by the million: `python -m tests.fuzz --help`, or `make fuzz`.

A case takes a payload of either wire version apart, changes its parts, puts them together again, and computes the
digests anew, so that the checks behind the digests are reached. `loads` has to refuse it by a `SerializationError`, or
to give a value that it gives again after `dumps`. A case is known by its seed and its number, in every process.
"""
