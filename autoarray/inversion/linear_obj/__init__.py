"""Objects that an inversion solves for linearly."""
