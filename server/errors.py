"""What can go wrong in the server, each in one sentence."""


class ServerError(Exception):
    """Root of the errors that are shown as one sentence."""
