# pyright: strict
"""The process that draws in the background, and what is sent to it."""
