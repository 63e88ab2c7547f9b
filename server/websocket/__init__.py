"""GraphQL over WebSockets: graphql-transport-ws and the runs that are followed."""
