"""What `serialization` has for the users of PyAutoArray: a fit of an inversion that needs no PyAutoLens.

PyAutoArray's own `FitImaging` is abstract, so a user who has an inversion and no tracer writes a subclass. The one
that is here is what `autoarray.FitImaging` of autoarray-portable becomes beside PyAutoArray, and the other way round.
"""

from serialization._autoarray import kind_of_autoarray as _kind_of_autoarray

if _kind_of_autoarray() != "peer":
    raise ImportError(
        "serialization.beside: expected PyAutoArray as the package autoarray, found "
        + {"own": "that of autoarray-portable, whose autoarray.FitImaging takes an inversion", "none": "none"}[
            _kind_of_autoarray()
        ]
    )

from serialization._peer.fit import FitImaging

__all__ = ["FitImaging"]
