"""The hour at which a transaction was made, where whoever brings it knows."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("transactions", sa.Column("hour", sa.SmallInteger(), nullable=True))
    op.create_check_constraint(op.f("ck_transactions_hour_of_day"), "transactions", "hour BETWEEN 0 AND 23")


def downgrade() -> None:
    op.drop_column("transactions", "hour")
