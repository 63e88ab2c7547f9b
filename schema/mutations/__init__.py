"""The changes, one module a kind of row: who asks, what is given, the write, and the note for the audit log."""
