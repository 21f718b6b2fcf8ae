"""The command line `autoarray-state`: a module for each command."""
