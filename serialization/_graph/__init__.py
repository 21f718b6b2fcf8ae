"""Live object graphs: their paths, their backend, and what computing their results again gives."""
