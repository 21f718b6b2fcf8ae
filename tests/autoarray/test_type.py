"""The types that annotations of users name."""

import importlib.util
import typing

import numpy as np
import pytest

import autoarray as aa
import autoarray.type as ty

HAS_INTERFEROMETRY = importlib.util.find_spec("autoarray.structures.visibilities") is not None


def test_types_are_classes_and_unions_of_them():
    assert ty.Grid2D is aa.Grid2D
    assert ty.Mask1D is aa.Mask1D
    assert ty.Grid2DLike == typing.Union[np.ndarray, aa.Grid2D, aa.Grid2DIrregular]  # noqa: UP007
    assert ty.Grid1D2DLike == typing.Union[np.ndarray, aa.Grid1D, aa.Grid2D, aa.Grid2DIrregular]  # noqa: UP007
    assert typing.get_args(ty.Region2DLike) == (aa.Region2D, typing.Tuple[int, int, int, int])  # noqa: UP006
    assert typing.get_args(ty.Region1DList) == (typing.List[aa.Region1D], typing.List[typing.Tuple[int, int]])  # noqa: UP006
    assert ty.Mask1D2DLike | None == typing.Union[aa.Mask1D, aa.Mask2D, None]  # noqa: UP007


@pytest.mark.parametrize("name", ty.__all__)
def test_each_name_is_there_once_what_it_names_is(name):
    if not HAS_INTERFEROMETRY and name in ("DataLike", "Transformer", "Visibilities", "VisibilitiesNoiseMap"):
        return
    if not HAS_INTERFEROMETRY and name.startswith("Transformer"):
        return
    assert getattr(aa.type, name) is not None


def test_an_unknown_type_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"module 'autoarray\.type' has no attribute 'Grid3D'"):
        _ = ty.Grid3D
    with pytest.raises(AttributeError, match=r"module 'autoarray\.util' has no attribute 'grid_3d'"):
        _ = aa.util.grid_3d


def test_modules_that_few_need_are_imported_when_they_are_asked_for():
    assert aa.util.inversion_imaging.__name__ == "autoarray.inversion.inversion.imaging.inversion_imaging_util"
    assert aa.util.numba.__name__ == "autoarray.numba_util"
    assert aa.util.misc is aa.util.misc_util
    assert aa.grid_dec is aa.decorators
