"""The on-disk cache: `Cache`, its stores, its locks and its eviction."""

from serialization._cache.cache import Cache

__all__ = ["Cache"]
