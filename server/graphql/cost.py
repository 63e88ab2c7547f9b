"""What an operation may cost: each field once for every row that its lists may have."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

from server.graphql.guard import INTROSPECTION, Limits, too_costly

FIELD = 1
CATEGORY = 100
INTROSPECTING = 4_000
"""Whatever is asked of the schema: one document may do so five times, GraphiQL does it once."""
ASSUMED_ROWS = 5
"""Of a list that takes no size, and of a size that is no number."""
CATEGORY_RESULT = "CategoryResult"
COMPOSITE = (GraphQLObjectType, GraphQLInterfaceType, GraphQLUnionType)
SIZES = ("first", "last")
CEILING = 1_000_000_000
"""Costs are no longer told apart above it, so that sizes within sizes stay small numbers."""
DIGITS = 10
"""An integer of more is taken for the ceiling without being read."""


def check_cost(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any] | None,
    limits: Limits,
) -> int:
    """The cost of the operation; raises an error where that is too much."""
    cost = Costing(schema, document, operation, variables or {}).total()
    if cost > limits.cost:
        sentence = (
            f"This {operation.operation.value} costs {cost:,}, and at most {limits.cost:,} is allowed: "
            "ask for fewer rows (first), categories or fields."
        )
        raise too_costly(sentence, measure="cost", number=cost, limit=limits.cost)
    return cost


class Costing:
    """One pass over an operation of a valid document and each fragment that it reaches."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
    ) -> None:
        self.schema = schema
        self.operation = operation
        self.fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self.variables = {**_defaults(operation), **variables}
        self.known: dict[str, int] = {}

    def total(self) -> int:
        root = self.schema.get_root_type(self.operation.operation)
        return self._selections(self.operation.selection_set, root)

    def _selections(self, selections: SelectionSetNode, parent: GraphQLNamedType | None) -> int:
        cost = 0
        for node in selections.selections:
            if isinstance(node, FieldNode):
                cost += self._field(node, parent)
            elif isinstance(node, FragmentSpreadNode):
                cost += self._fragment(node.name.value)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                below = self.schema.get_type(condition.name.value) if condition else parent
                cost += self._selections(node.selection_set, below)
        return min(cost, CEILING)

    def _fragment(self, name: str) -> int:
        if name in self.fragments and name not in self.known:
            fragment = self.fragments[name]
            parent = self.schema.get_type(fragment.type_condition.name.value)
            self.known[name] = self._selections(fragment.selection_set, parent)
        return self.known.get(name, 0)

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None) -> int:
        if node.name.value in INTROSPECTION:
            return INTROSPECTING
        found = self.schema.get_field(parent, node.name.value) if isinstance(parent, COMPOSITE) else None
        if found is None or node.selection_set is None:
            return FIELD
        below = get_named_type(found.type)
        return _weight(below) + self._rows(node, found, parent) * self._selections(node.selection_set, below)

    def _rows(self, node: FieldNode, found: GraphQLField, parent: GraphQLNamedType | None) -> int:
        """How often what is selected below this field may be answered."""
        for size in SIZES:
            if size in found.args:
                return max(1, self._argument(node, size, found.args[size].default_value))
        in_connection = parent is not None and parent.name.endswith("Connection")
        return ASSUMED_ROWS if _is_list(found) and not in_connection else 1

    def _argument(self, node: FieldNode, name: str, default: Any) -> int:
        value: Any = default
        for argument in node.arguments or ():
            if argument.name.value == name:
                value = _read(argument.value, self.variables)
        return min(value, CEILING) if isinstance(value, int) else ASSUMED_ROWS


def _read(node: Any, variables: Mapping[str, Any]) -> Any:
    if isinstance(node, VariableNode):
        return variables.get(node.name.value)
    if isinstance(node, IntValueNode):
        return int(node.value) if len(node.value) <= DIGITS else CEILING
    return None


def _defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    nodes = operation.variable_definitions or ()
    return {node.variable.name.value: _read(node.default_value, {}) for node in nodes}


def _weight(below: GraphQLNamedType) -> int:
    computed = isinstance(below, GraphQLObjectType) and any(face.name == CATEGORY_RESULT for face in below.interfaces)
    return CATEGORY if computed else FIELD


def _is_list(found: GraphQLField) -> bool:
    kind = found.type
    return is_list_type(kind.of_type if is_non_null_type(kind) else kind)
