"""Speed, memory and payload sizes, each beside a peer that is measured in the same run.

`python -m benchmarks fit` and `python -m benchmarks codec`; README.md says what each column is.
"""
