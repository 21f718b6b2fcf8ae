# pyright: strict, reportMissingTypeStubs=false
"""The parameters of an inversion: whose they are, and which are regularized, solved for and kept at zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from autoarray._state import derived
from autoarray.inversion.inversion import inversion_util
from autoarray.inversion.linear_obj.linear_obj import LinearObj
from autoarray.inversion.mappers.abstract import Mapper
from autoarray.settings import Settings

if TYPE_CHECKING:
    from autoarray.inversion.regularization.abstract import AbstractRegularization

T = TypeVar("T")


class InversionParameters:
    """The parameters of the linear objects; a part of `AbstractInversion`."""

    if TYPE_CHECKING:  # what the other parts have
        linear_obj_list: list[LinearObj]
        settings: Settings

    def has(self, cls: type[object]) -> bool:
        """Whether a linear object, or its regularization, is of a class."""
        return bool(self.cls_list_from(cls)) or any(isinstance(reg, cls) for reg in self.regularization_list)

    def total(self, cls: type[object]) -> int:
        """How many linear objects are of a class."""
        return len(self.cls_list_from(cls))

    def cls_list_from(self, cls: type[T], cls_filtered: type | None = None) -> list[T]:
        """The linear objects of a class, without those of another."""
        return [
            linear_obj
            for linear_obj in self.linear_obj_list
            if isinstance(linear_obj, cls) and not (cls_filtered is not None and isinstance(linear_obj, cls_filtered))
        ]

    def param_range_list_from(self, cls: type) -> list[list[int]]:
        """The first and one past the last parameter of each linear object of a class."""
        return inversion_util.param_range_list_from(cls=cls, linear_obj_list=self.linear_obj_list)

    @property
    def total_params(self) -> int:
        """The number of parameters of all linear objects."""
        return sum(linear_obj.params for linear_obj in self.linear_obj_list)

    @property
    def regularization_list(self) -> list[AbstractRegularization | None]:
        """The regularization of each linear object, or None."""
        return [linear_obj.regularization for linear_obj in self.linear_obj_list]

    @property
    def total_regularizations(self) -> int:
        """How many linear objects have a regularization."""
        return sum(regularization is not None for regularization in self.regularization_list)

    @property
    def all_linear_obj_have_regularization(self) -> bool:
        """Whether every linear object has a regularization."""
        return self.total_regularizations == len(self.linear_obj_list)

    @property
    def no_regularization_index_list(self) -> list[int]:
        """The parameters of the linear objects without a regularization."""
        ranges = self.param_range_list_from(LinearObj)
        return [
            index
            for regularization, (start, end) in zip(self.regularization_list, ranges, strict=True)
            if regularization is None
            for index in range(start, end)
        ]

    @property
    def mapper_indices(self) -> np.ndarray:
        """The parameters that are mesh pixels."""
        return np.array(
            [index for start, end in self.param_range_list_from(Mapper) for index in range(start, end)], dtype=int
        )

    @derived
    def _allowed(self) -> np.ndarray:
        """Which parameters are solved for, as bools of shape (params,)."""
        if not (self.settings.use_positive_only_solver and self.settings.use_edge_zeroed_pixels):
            return np.ones(self.total_params, dtype=bool)
        allowed = np.zeros(self.total_params, dtype=bool)
        allowed[self.zeroed_ids_to_keep] = True
        return allowed

    @property
    def solve_ids_to_keep(self) -> np.ndarray | None:
        """The parameters that are solved for, or None for all of them."""
        return None if self._allowed.all() else np.flatnonzero(self._allowed)

    @property
    def zeroed_ids_to_keep(self) -> np.ndarray:
        """The parameters that are not mesh pixels at the edge of a mesh, whatever the settings are."""
        keep = np.ones(self.total_params, dtype=bool)
        for mapper, (start, _) in zip(self.cls_list_from(Mapper), self.param_range_list_from(Mapper), strict=True):
            keep[start + mapper.zeroed_pixels] = False
        return np.flatnonzero(keep)
