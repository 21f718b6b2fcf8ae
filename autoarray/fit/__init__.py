"""The fit of a model to a dataset."""
