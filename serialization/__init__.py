"""Object graphs of `autoarray` as versioned msgpack: in memory, in files, and back onto NumPy or JAX.

    data = serialization.dumps(fit)
    fit = serialization.loads(data, backend="numpy")

FORMAT.md specifies the bytes.
"""

import sys as _sys

from serialization._autoarray import refuse_two_wheels as _refuse_two_wheels
from serialization._cache.cache import Cache
from serialization._cache.entry import CacheEntry
from serialization._cache.stats import CachePruneReport, CacheStats, CacheVerifyReport
from serialization._cache.store import Store
from serialization._legacy.load import load_pickle
from serialization._legacy.physics import upgrade_physics
from serialization._legacy.report import Compared, Convention, LegacyWarning, LoadReport
from serialization._mixed import refuse_a_mixture as _refuse_a_mixture
from serialization._partial.handle import PayloadHandle, open
from serialization._payload.codec import dumps, load, loads, save
from serialization._payload.identity import identity
from serialization._payload.info import ArrayInfo, PayloadInfo, TypeInfo
from serialization._payload.inspect import inspect
from serialization._payload.mapped import verify_arrays
from serialization._payload.tree import PayloadTree, PlaceInfo
from serialization._peer.hooks import use_what_is_installed as _use_what_is_installed
from serialization._schema.catalog import declare_all as _declare_all
from serialization._schema.registry import register
from serialization._schema.schema import Migration
from serialization._schema.type_entry import TypeEntry
from serialization._transport.dask import register_dask
from serialization._transport.resident import ResidentHandle, resident
from serialization._transport.shared import SharedPayload, share
from serialization.errors import (
    BackendUnavailableError,
    CorruptError,
    LimitError,
    MissingFitError,
    NewerVersionError,
    NotAPayloadError,
    NotMappableError,
    NotPartialError,
    NotSharedError,
    PrecisionLossError,
    RegistrationError,
    SchemaError,
    SerializationError,
    TruncatedError,
    UnknownCodeError,
    UnknownPathError,
    UnknownTypeError,
    UnsafePickleError,
    UnsupportedValueError,
    VerificationError,
)

_refuse_a_mixture()
_refuse_two_wheels()
_declare_all()
_use_what_is_installed()

__all__ = [
    "ArrayInfo",
    "BackendUnavailableError",
    "Cache",
    "CacheEntry",
    "CachePruneReport",
    "CacheStats",
    "CacheVerifyReport",
    "Compared",
    "Convention",
    "CorruptError",
    "LegacyWarning",
    "LimitError",
    "LoadReport",
    "Migration",
    "MissingFitError",
    "NewerVersionError",
    "NotAPayloadError",
    "NotMappableError",
    "NotPartialError",
    "NotSharedError",
    "PayloadHandle",
    "PayloadInfo",
    "PayloadTree",
    "PlaceInfo",
    "PrecisionLossError",
    "RegistrationError",
    "ResidentHandle",
    "SchemaError",
    "SerializationError",
    "SharedPayload",
    "Store",
    "TruncatedError",
    "TypeEntry",
    "TypeInfo",
    "UnknownCodeError",
    "UnknownPathError",
    "UnknownTypeError",
    "UnsafePickleError",
    "UnsupportedValueError",
    "VerificationError",
    "dumps",
    "identity",
    "inspect",
    "load",
    "load_pickle",
    "loads",
    "open",
    "register",
    "register_dask",
    "resident",
    "save",
    "share",
    "upgrade_physics",
    "verify_arrays",
]

# A pickle names a class or a function by its module. That is this package, whichever room defines it.
for _name in __all__:
    if (_object := globals()[_name]).__module__ != "serialization.errors":
        _object.__module__ = __name__

# Release 0.1.0 let its pickles name the private modules that it had.
_OF_0_1_0 = (
    "cache_stats",
    "codec",
    "dask",
    "dask_plugin",
    "info",
    "legacy_physics",
    "legacy_report",
    "registry",
    "shared",
)
for _name in _OF_0_1_0:
    _sys.modules[f"{__name__}._{_name}"] = _sys.modules[__name__]


def __getattr__(name: str) -> type:
    if name == "PayloadPlugin":  # what Dask's workers are sent; its base class is of `distributed`
        from serialization._transport.dask_plugin import PayloadPlugin

        return PayloadPlugin
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
