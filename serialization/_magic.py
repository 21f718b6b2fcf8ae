"""The bytes that every payload begins with: the msgpack string `AASTATE`."""

MAGIC = b"\xa7AASTATE"
