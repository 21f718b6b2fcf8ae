"""The linear inversion of a dataset."""
