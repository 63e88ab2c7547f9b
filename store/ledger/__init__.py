"""The ledger of promises: what was told, what came of it, and the score."""
