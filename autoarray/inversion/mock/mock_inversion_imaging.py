"""An inversion of imaging data with given matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray._doubles import stands_in_for
from autoarray.inversion.inversion.imaging.mapping import InversionImagingMapping
from autoarray.inversion.mock.mock_inversion import interface_of
from autoarray.settings import Settings

_NAMES = (
    "mask",
    "operated_mapping_matrix",
    "linear_func_operated_mapping_matrix_dict",
    "data_linear_func_matrix_dict",
)


@stands_in_for(*_NAMES)
class MockInversionImaging(InversionImagingMapping):
    """An inversion of imaging data whose matrices are what it is given, and which takes any data.

    Parameters
    ----------
    data, noise_map, psf
        What stands for the parts of the dataset.
    linear_obj_list
        The linear objects.
    mask, operated_mapping_matrix, linear_func_operated_mapping_matrix_dict, data_linear_func_matrix_dict
        The properties of these names.
    settings
        How the inversion is solved; the defaults if None.
    """

    def __init__(
        self,
        mask: Any = None,
        data: Any = None,
        noise_map: Any = None,
        psf: Any = None,
        linear_obj_list: Any = None,
        operated_mapping_matrix: Any = None,
        linear_func_operated_mapping_matrix_dict: Any = None,
        data_linear_func_matrix_dict: Any = None,
        settings: Settings | None = None,
    ) -> None:
        given = locals()
        self._set_backend(np)
        self.dataset = interface_of(data=data, noise_map=noise_map, psf=psf)
        self.linear_obj_list = linear_obj_list
        self.settings = Settings() if settings is None else settings
        self.preloads = None
        self._given = {name: given[name] for name in _NAMES}

    @property
    def operated_mapping_matrix_list(self) -> list[Any]:
        """What each linear object gives for it, or its mapping matrix as `psf` convolves it, which may be a double."""
        psf: Any = self.psf
        return [
            linear_obj.operated_mapping_matrix_override
            if linear_obj.operated_mapping_matrix_override is not None
            else psf.convolved_mapping_matrix_from(
                mapping_matrix=linear_obj.mapping_matrix, mask=self.mask, xp=self._xp
            )
            for linear_obj in self.linear_obj_list
        ]
