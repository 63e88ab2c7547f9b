"""The public GraphQL API."""
