"""Documents that may run: parsed, within the limits, valid; kept, since reading one anew costs milliseconds."""

from collections.abc import Iterator

from graphql import DocumentNode, GraphQLSyntaxError, parse, recommended_rules, specified_rules
from strawberry import Schema
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document

from server.graphql.guard import Limits, check_document, check_text
from server.graphql.refusals import InvalidOperation
from server.recent import Recent

KEPT_CHARACTERS = 1_000_000
RULES = (*specified_rules, *recommended_rules)


class Documents:
    """Reads the documents of requests for one schema."""

    def __init__(self, schema: Schema, limits: Limits) -> None:
        self.schema = schema._schema  # noqa: SLF001 - Strawberry has no other way to it
        self.limits = limits
        self._kept: Recent[str, DocumentNode] = Recent(KEPT_CHARACTERS)

    def read(self, text: str) -> DocumentNode:
        """The document; raises `InvalidOperation` where it may not run."""
        document = self._kept.get(text)
        if document is None:
            document = self._read(text)
            self._kept.put(text, document, len(text))
        return document

    def _read(self, text: str) -> DocumentNode:
        check_text(text, self.limits)
        try:
            document = parse(text)
        except GraphQLSyntaxError as error:
            raise InvalidOperation.of("GRAPHQL_PARSE_FAILED", [error]) from error
        check_document(document, self.limits)
        if errors := validate_document(self.schema, document, RULES):
            raise InvalidOperation.of("GRAPHQL_VALIDATION_FAILED", errors)
        return document


class ReadByUs(SchemaExtension):
    """Hands Strawberry the document that was read here, instead of parsing and validating it once more."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents

    def on_parse(self) -> Iterator[None]:
        self.execution_context.graphql_document = self.documents.read(self.execution_context.query or "")
        yield

    def on_validate(self) -> Iterator[None]:
        self.execution_context.pre_execution_errors = []
        yield
