"""The linear system of an inversion: which way to form it is chosen (`strategy.py`), and what forms it."""
