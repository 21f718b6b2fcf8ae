"""How the coordinates of the data are interpolated from the pixels of a mesh."""
