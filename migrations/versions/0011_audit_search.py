"""The audit log is searched by actor and by action, too."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SOUGHT = ("actor", "action")


def upgrade() -> None:
    for column in SOUGHT:
        op.create_index(f"ix_audit_log_{column}_sequence", "audit_log", [column, "sequence"])


def downgrade() -> None:
    for column in SOUGHT:
        op.drop_index(f"ix_audit_log_{column}_sequence", table_name="audit_log")
