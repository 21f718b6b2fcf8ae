"""The exceptions that `serialization` raises.

Each message says what was expected and what was found, and starts with the path inside the object
graph where there is one, such as `$.inversion.linear_obj_list[0].interpolator.mesh_grid`.
"""

# pyright: strict

from __future__ import annotations


class SerializationError(Exception):
    """Base of every error of this package.

    Parameters
    ----------
    message
        What was expected and what was found.
    path
        Where in the object graph, or None if the error concerns the payload as a whole.
    """

    def __init__(self, message: str, *, path: str | None = None) -> None:
        super().__init__(message)
        self.path = path

    @property
    def message(self) -> str:
        """The message without the path."""
        return self.args[0]

    def __str__(self) -> str:
        return self.message if self.path is None else f"{self.path}: {self.message}"


class NotAPayloadError(SerializationError):
    """The bytes don't begin as a payload of this package does."""


class TruncatedError(SerializationError):
    """The payload ends before the length that it declares."""


class CorruptError(SerializationError):
    """The bytes are not those that were written, or break the rules of the format."""


class NewerVersionError(SerializationError):
    """A newer writer used a wire version or a schema version that this reader does not know."""


class UnknownCodeError(NewerVersionError):
    """The payload uses an ext code, flag, header entry or compression that this reader does not know."""


class UnknownTypeError(SerializationError):
    """An object's class, or a type name in a payload, is not registered."""


class SchemaError(SerializationError):
    """The state of an object does not fit the schema that is registered for its type."""


class LimitError(SerializationError):
    """A depth, a length or a size is beyond what the format or its reader allows."""


class UnsupportedValueError(SerializationError):
    """A value that a payload can't hold, such as a module, a function or an array of Python objects."""


class UnsafePickleError(SerializationError):
    """A pickle calls a function or a class that the reader does not know; nothing of it was run."""


class BackendUnavailableError(SerializationError):
    """The payload needs JAX, which is not installed."""


class PrecisionLossError(SerializationError):
    """JAX would silently have turned 64-bit values into 32-bit ones."""


class NotMappableError(SerializationError):
    """A compressed payload was asked for as a memory map."""


class NotPartialError(SerializationError):
    """A payload, or the server that has it, hands out no part without the rest."""


class UnknownPathError(SerializationError, KeyError):
    """There is nothing at a path of a payload, or nothing of the kind that was asked for."""


class NotSharedError(SerializationError):
    """The memory of a handle is not there: its owner has closed it or has ended, or runs on another machine."""


class MissingFitError(SerializationError):
    """A result of a search has no stored fit, which is never solved again in its place."""


class VerificationError(SerializationError):
    """A value that a file stored is not the one that its state gives."""


class RegistrationError(SerializationError):
    """A class can't be registered as asked, or its name or class is registered already."""
