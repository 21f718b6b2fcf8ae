"""The schemes that smooth a reconstruction."""

from autoarray.inversion.regularization.abstract import AbstractRegularization as Regularization
from autoarray.inversion.regularization.constant import Constant

__all__ = ["Constant", "Regularization"]
