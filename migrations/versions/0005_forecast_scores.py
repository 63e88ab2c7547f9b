"""Sums over judged forecasts, and an index that finds what is due user by user."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forecast_scores",
        sa.Column("model_name", sa.String(), nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("bin", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.Float(), nullable=False),
        sa.Column("came", sa.Float(), nullable=False),
        sa.Column("loss", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint(
            "model_name", "judged_on", "kind", "label", "measure", "bin", name=op.f("pk_forecast_scores")
        ),
    )
    op.drop_index("ix_forecasts_due", table_name="forecasts", postgresql_where="judged_at IS NULL")
    op.create_index(
        "ix_forecasts_open", "forecasts", ["user_id", "due"], unique=False, postgresql_where="judged_at IS NULL"
    )


def downgrade() -> None:
    op.drop_index("ix_forecasts_open", table_name="forecasts", postgresql_where="judged_at IS NULL")
    op.create_index("ix_forecasts_due", "forecasts", ["due"], unique=False, postgresql_where="judged_at IS NULL")
    op.drop_table("forecast_scores")
