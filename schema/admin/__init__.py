"""Model management, for administrators: one module a subject."""
