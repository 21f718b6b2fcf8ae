"""The exceptions that `autoarray` raises, and the category of what it warns of.

Every message names the object, what was expected and what was found. Every class takes a
single message, so that it pickles and crosses process boundaries unchanged.
"""

# PyAutoArray has a file `exc.py` where this is a package, which Python prefers to a file of the same name. So this
# runs, whichever of two `__init__.py` files of `autoarray` is left where both were installed.
from autoarray._mixed import refuse_a_mixture as _refuse_a_mixture

_refuse_a_mixture()


class ArrayException(Exception):
    """An `Array2D` or `ArrayIrregular` has values that don't fit its mask or shape."""


class GridException(Exception):
    """A grid of (y, x) coordinates has values that don't fit its mask or shape."""


class MaskException(Exception):
    """A mask is not a 2D array of bools, has no unmasked pixel, or is too close to its edge."""


class VectorYXException(Exception):
    """Vectors don't fit their mask or their coordinates, or none is where some are asked for."""


class RegionException(Exception):
    """A region of an array in pixels is empty, reversed or outside of the array."""


class KernelException(Exception):
    """A point spread function has an even, empty or otherwise unusable kernel."""


class DatasetException(Exception):
    """The parts of a dataset disagree, or hold values that no fit can use."""


class DatasetWarning(UserWarning):
    """A dataset can be fitted, but hardly as it was meant: the message says what is off, and what to do.

    It is given once, where the dataset is made. `warnings.filterwarnings("ignore", category=aa.exc.DatasetWarning)`
    silences all of these.
    """


class MeshException(Exception):
    """A mesh is too small, or was given a grid that it can't be laid over."""


class PixelizationException(Exception):
    """A mesh and a regularization scheme can't be combined."""


class InversionException(Exception):
    """The linear system of an inversion can't be solved."""


class PlottingException(Exception):
    """A figure can't be drawn from what was given."""


class PrecisionException(Exception):
    """A conversion to JAX would silently have turned float64 into float32."""


class StateException(AttributeError):
    """An object lacks state that its class needs, as after unpickling another library's file.

    It is an `AttributeError` too, so that `hasattr` and `getattr` with a default work for every name.
    """
