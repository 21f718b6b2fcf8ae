"""The link between the pixels of a mesh and the pixels of the data."""
