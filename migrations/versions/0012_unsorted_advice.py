"""Advice is read by user and sorted once it is opened: its order by time needs no index."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INDEX, TABLE = "ix_ml_recommendations_user_id_created_at", "ml_recommendations"


def upgrade() -> None:
    op.drop_index(INDEX, table_name=TABLE)


def downgrade() -> None:
    op.create_index(INDEX, TABLE, ["user_id", "created_at", "id"])
