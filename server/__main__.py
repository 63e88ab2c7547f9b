"""`python -m server` is `finrec`."""

from server.cli import main

main()
