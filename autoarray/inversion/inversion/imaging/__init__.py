"""The linear inversion of imaging data."""
