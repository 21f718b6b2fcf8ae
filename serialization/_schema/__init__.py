"""Registered types: the registry, the catalogue of the types of `autoarray`, and their migrations."""
