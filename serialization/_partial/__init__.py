"""Parts of a payload, near or far: one array or one object by its path, without the rest."""
