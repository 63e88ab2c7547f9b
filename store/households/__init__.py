"""What is known of households: every read and write of the API, one module a kind of row."""
