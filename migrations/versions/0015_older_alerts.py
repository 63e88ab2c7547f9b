"""Alerts of checks that are older than `model_name` are told apart by version as well, so that they can be over."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        UPDATE alerts SET model_name = split_part(cause, '/', 2)
        WHERE model_name IS NULL AND (cause LIKE 'drift/%@%' OR cause LIKE 'degraded/%@%')
        """
    )


def downgrade() -> None:
    pass
