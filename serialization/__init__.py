"""Object graphs of `autoarray` as versioned msgpack: in memory, in files, and back onto NumPy or JAX.

    data = serialization.dumps(fit)
    fit = serialization.loads(data, backend="numpy")

FORMAT.md specifies the bytes.
"""

from serialization import _catalog, _migrations
from serialization._cache import Cache
from serialization._cache_stats import CachePruneReport, CacheStats, CacheVerifyReport
from serialization._codec import dumps, inspect, load, loads, save
from serialization._dask import register_dask
from serialization._info import ArrayInfo, PayloadInfo, TypeInfo
from serialization._legacy import load_pickle
from serialization._legacy_physics import upgrade_physics
from serialization._legacy_report import Compared, Convention, LegacyWarning, LoadReport
from serialization._registry import Migration, register
from serialization._shared import SharedPayload, share
from serialization.errors import (
    BackendUnavailableError,
    CorruptError,
    LimitError,
    NewerVersionError,
    NotAPayloadError,
    NotMappableError,
    NotSharedError,
    PrecisionLossError,
    RegistrationError,
    SchemaError,
    SerializationError,
    TruncatedError,
    UnknownCodeError,
    UnknownTypeError,
    UnsafePickleError,
    UnsupportedValueError,
    VerificationError,
)

_catalog.declare_all(_migrations.MIGRATIONS)

__all__ = [
    "ArrayInfo",
    "BackendUnavailableError",
    "Cache",
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
    "NewerVersionError",
    "NotAPayloadError",
    "NotMappableError",
    "NotSharedError",
    "PayloadInfo",
    "PrecisionLossError",
    "RegistrationError",
    "SchemaError",
    "SerializationError",
    "SharedPayload",
    "TruncatedError",
    "TypeInfo",
    "UnknownCodeError",
    "UnknownTypeError",
    "UnsafePickleError",
    "UnsupportedValueError",
    "VerificationError",
    "dumps",
    "inspect",
    "load",
    "load_pickle",
    "loads",
    "register",
    "register_dask",
    "save",
    "share",
    "upgrade_physics",
]
