"""The objects of PyAutoArray, where that is what `autoarray` is: their state as that of this project, and back."""
