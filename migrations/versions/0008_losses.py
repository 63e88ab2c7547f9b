"""Net capital losses of earlier years that a household states, for the tax on what it sells."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("financial_profiles", sa.Column("capital_loss_carryforward", sa.Numeric(18, 2), nullable=True))
    op.create_check_constraint(
        op.f("ck_financial_profiles_capital_loss_carryforward_at_least_0"),
        "financial_profiles",
        "capital_loss_carryforward >= 0",
    )


def downgrade() -> None:
    op.drop_column("financial_profiles", "capital_loss_carryforward")
