"""A reader of pickles that runs nothing: opcodes to plain nodes, through an exact-name allow-list."""
