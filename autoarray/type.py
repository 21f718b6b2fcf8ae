"""The types that annotations of users name: a structure, or any of those that a function takes.

They are made when they are asked for, because this module lies below the structures.
"""

from functools import cache as _cache
from importlib import import_module as _import_module
from typing import TYPE_CHECKING, TypeAlias
from typing import Any as _Any
from typing import List as _List  # noqa: UP035  # the types of `typing`, which users compare with
from typing import Tuple as _Tuple  # noqa: UP035
from typing import Union as _Union

import numpy as np

from autoarray._typing import PixelScales

if TYPE_CHECKING:
    from autoarray.layout.region import Region1D, Region2D
    from autoarray.mask.mask_1d import Mask1D
    from autoarray.mask.mask_2d import Mask2D
    from autoarray.operators.transformer import TransformerDFT, TransformerNUFFT
    from autoarray.structures.arrays.irregular import ArrayIrregular
    from autoarray.structures.arrays.uniform_1d import Array1D
    from autoarray.structures.arrays.uniform_2d import Array2D
    from autoarray.structures.grids.irregular_2d import Grid2DIrregular
    from autoarray.structures.grids.uniform_1d import Grid1D
    from autoarray.structures.grids.uniform_2d import Grid2D
    from autoarray.structures.visibilities import Visibilities, VisibilitiesNoiseMap

    Array1D2DLike: TypeAlias = Array1D | Array2D
    DataLike: TypeAlias = np.ndarray | Array1D | Array2D | ArrayIrregular | Visibilities | VisibilitiesNoiseMap
    Grid1D2DLike: TypeAlias = np.ndarray | Grid1D | Grid2D | Grid2DIrregular
    Grid2DLike: TypeAlias = np.ndarray | Grid2D | Grid2DIrregular
    Mask1D2DLike: TypeAlias = Mask1D | Mask2D
    Region1DLike: TypeAlias = Region1D | tuple[int, int]
    Region1DList: TypeAlias = list[Region1D] | list[tuple[int, int]]
    Region2DLike: TypeAlias = Region2D | tuple[int, int, int, int]
    Region2DList: TypeAlias = list[Region2D] | list[tuple[int, int, int, int]]
    Transformer: TypeAlias = TransformerDFT | TransformerNUFFT

__all__ = [
    "Array1D",
    "Array1D2DLike",
    "Array2D",
    "ArrayIrregular",
    "DataLike",
    "Grid1D",
    "Grid1D2DLike",
    "Grid2D",
    "Grid2DIrregular",
    "Grid2DLike",
    "Mask1D",
    "Mask1D2DLike",
    "Mask2D",
    "PixelScales",
    "Region1D",
    "Region1DLike",
    "Region1DList",
    "Region2D",
    "Region2DLike",
    "Region2DList",
    "Transformer",
    "TransformerDFT",
    "TransformerNUFFT",
    "Visibilities",
    "VisibilitiesNoiseMap",
]

_CLASSES = {
    "Array1D": "autoarray.structures.arrays.uniform_1d",
    "Array2D": "autoarray.structures.arrays.uniform_2d",
    "ArrayIrregular": "autoarray.structures.arrays.irregular",
    "Grid1D": "autoarray.structures.grids.uniform_1d",
    "Grid2D": "autoarray.structures.grids.uniform_2d",
    "Grid2DIrregular": "autoarray.structures.grids.irregular_2d",
    "Mask1D": "autoarray.mask.mask_1d",
    "Mask2D": "autoarray.mask.mask_2d",
    "Region1D": "autoarray.layout.region",
    "Region2D": "autoarray.layout.region",
    "TransformerDFT": "autoarray.operators.transformer",
    "TransformerNUFFT": "autoarray.operators.transformer",
    "Visibilities": "autoarray.structures.visibilities",
    "VisibilitiesNoiseMap": "autoarray.structures.visibilities",
}
_UNIONS: dict[str, tuple[_Any, ...]] = {
    "Array1D2DLike": ("Array1D", "Array2D"),
    "DataLike": (np.ndarray, "Array1D", "Array2D", "ArrayIrregular", "Visibilities", "VisibilitiesNoiseMap"),
    "Grid1D2DLike": (np.ndarray, "Grid1D", "Grid2D", "Grid2DIrregular"),
    "Grid2DLike": (np.ndarray, "Grid2D", "Grid2DIrregular"),
    "Mask1D2DLike": ("Mask1D", "Mask2D"),
    "Region1DLike": ("Region1D", _Tuple[int, int]),  # noqa: UP006
    "Region2DLike": ("Region2D", _Tuple[int, int, int, int]),  # noqa: UP006
    "Transformer": ("TransformerDFT", "TransformerNUFFT"),
}
_LISTS: dict[str, tuple[str, _Any]] = {
    "Region1DList": ("Region1D", _Tuple[int, int]),  # noqa: UP006
    "Region2DList": ("Region2D", _Tuple[int, int, int, int]),  # noqa: UP006
}


@_cache
def __getattr__(name: str) -> _Any:
    if name in _CLASSES:
        return getattr(_import_module(_CLASSES[name]), name)
    if name in _UNIONS:
        return _Union[tuple(_member(item) for item in _UNIONS[name])]  # noqa: UP007
    if name in _LISTS:
        return _Union[tuple(_List[_member(item)] for item in _LISTS[name])]  # noqa: UP006, UP007
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _member(item: _Any) -> _Any:
    return __getattr__(item) if isinstance(item, str) else item
