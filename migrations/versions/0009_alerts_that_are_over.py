"""Since when the cause of an alert is over, and which version of a model it is about."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UNACKNOWLEDGED = "acknowledged_at IS NULL"


def upgrade() -> None:
    op.add_column("alerts", sa.Column("model_name", sa.String(), nullable=True))
    op.add_column("alerts", sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True))
    _index(f"{UNACKNOWLEDGED} AND resolved_at IS NULL")


def downgrade() -> None:
    op.execute("UPDATE alerts SET acknowledged_at = resolved_at WHERE acknowledged_at IS NULL")
    op.drop_column("alerts", "resolved_at")
    op.drop_column("alerts", "model_name")
    _index(UNACKNOWLEDGED)


def _index(open_alerts: str) -> None:
    op.execute("DROP INDEX IF EXISTS uq_alerts_open_cause")
    op.create_index("uq_alerts_open_cause", "alerts", ["cause"], unique=True, postgresql_where=open_alerts)
