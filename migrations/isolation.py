"""Row-level security for a table of which every row has an owner."""

from alembic import op

SEES_EVERYONE = "(SELECT current_setting('finrec.scope', true) = 'all')"
SEEN_USERS = "((SELECT NULLIF(current_setting('finrec.users', true), ''))::uuid[])"


def isolate(table: str, owner: str = "user_id") -> None:
    """Rows are seen and written only where the transaction names their owner, or sees everyone (`store.session`)."""
    seen = f"{SEES_EVERYONE} OR {owner} = ANY ({SEEN_USERS})"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY owner ON {table} USING ({seen}) WITH CHECK ({seen})")
