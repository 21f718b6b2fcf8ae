"""Speed, memory and payload sizes, each beside a peer of the same run.

`python -m benchmarks --help` lists the commands; README.md explains every column.
"""
