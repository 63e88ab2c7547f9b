"""What can go wrong in the server, each in one sentence."""


class ServerError(Exception):
    """Root of the errors that are shown as one sentence."""


class Busy(ServerError):
    """Somebody else works on this data folder."""


class Unreachable(ServerError):
    """A server that was configured does not answer."""


class Ended(ServerError):
    """A process that should have gone on has ended."""
