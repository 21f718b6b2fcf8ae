"""An inversion of visibilities with a given matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray._doubles import stands_in_for
from autoarray.inversion.inversion.interferometer.mapping import InversionInterferometerMapping
from autoarray.inversion.mock.mock_inversion import interface_of
from autoarray.settings import Settings


@stands_in_for("operated_mapping_matrix")
class MockInversionInterferometer(InversionInterferometerMapping):
    """An inversion of visibilities whose matrix is what it is given, and which takes any data.

    Parameters
    ----------
    data, noise_map, transformer
        What stands for the parts of the dataset.
    linear_obj_list
        The linear objects.
    operated_mapping_matrix
        The property of this name.
    settings
        How the inversion is solved; the defaults if None.
    """

    def __init__(
        self,
        data: Any = None,
        noise_map: Any = None,
        transformer: Any = None,
        linear_obj_list: Any = None,
        operated_mapping_matrix: Any = None,
        settings: Settings | None = None,
    ) -> None:
        self._set_backend(np)
        self.dataset = interface_of(data=data, noise_map=noise_map, transformer=transformer)
        self.linear_obj_list = linear_obj_list
        self.settings = Settings() if settings is None else settings
        self.preloads = None
        self._given = {"operated_mapping_matrix": operated_mapping_matrix}
