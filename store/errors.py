"""What the store refuses, each with a stable code that clients may rely on."""


class StoreError(Exception):
    """Root of the store's errors; the message is a sentence that a user may read."""

    code = "INTERNAL"


class NotFound(StoreError):
    """Nothing of that id, or nothing that this viewer may see: the two look the same."""

    code = "NOT_FOUND"


class Conflict(StoreError):
    """The request contradicts what is stored."""

    code = "CONFLICT"


class BadInput(StoreError):
    """A value that cannot be taken, with the field and the fix."""

    code = "BAD_USER_INPUT"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class BadFile(StoreError):
    """A file that cannot be loaded: one line a reason, with the file's line and column."""

    code = "BAD_USER_INPUT"


class Unavailable(StoreError):
    """A service that finrec needs does not answer."""

    code = "UNAVAILABLE"


class Misconfigured(StoreError):
    """A setting that cannot work, named with the fix."""


class Undecipherable(StoreError):
    """A ciphertext that does not open where it stands: moved, changed, or its key erased."""


class CorruptArtifact(StoreError):
    """A model's artifact that is not what was written: it is never parsed."""


class ClaimLost(StoreError):
    """The job was cancelled or claimed anew: whoever still works on it must stop, and writes nothing."""

    code = "CONFLICT"
