"""The msgpack payload of FORMAT.md: its bytes, arrays, object graph and files."""
