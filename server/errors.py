"""What can go wrong in the server, each in one sentence."""

from pathlib import Path


class ServerError(Exception):
    """Root of the errors that are shown as one sentence."""


class Busy(ServerError):
    """Somebody else works on this data folder."""

    def __init__(self, folder: Path, process: str) -> None:
        super().__init__(f"Process {process} works on {folder}: stop it, or choose another data folder.")
        self.process = process


class Unreachable(ServerError):
    """A server that was configured does not answer."""


class Ended(ServerError):
    """A process that should have gone on has ended."""
