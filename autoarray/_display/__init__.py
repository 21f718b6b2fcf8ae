# pyright: strict
"""How objects show themselves: one line in a terminal, a table in a notebook."""
