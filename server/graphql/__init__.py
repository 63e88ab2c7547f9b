"""GraphQL over HTTP: the endpoint, what it lets in, and what it answers."""
