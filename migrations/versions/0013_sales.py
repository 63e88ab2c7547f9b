"""Tax lots that were sold, for what a household gains, gives away and may not buy back yet."""

import sqlalchemy as sa
from alembic import op

from migrations.isolation import isolate

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sales",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("symbol", sa.String(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=24, scale=8), nullable=False),
        sa.Column("cost_basis", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("proceeds", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("acquired", sa.Date(), nullable=False),
        sa.Column("sold", sa.Date(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_sales_quantity_positive")),
        sa.CheckConstraint("cost_basis >= 0", name=op.f("ck_sales_cost_basis_at_least_0")),
        sa.CheckConstraint("proceeds >= 0", name=op.f("ck_sales_proceeds_at_least_0")),
        sa.CheckConstraint("acquired <= sold", name=op.f("ck_sales_acquired_before_sold")),
        sa.ForeignKeyConstraint(
            ["user_id", "account_id"],
            ["accounts.user_id", "accounts.id"],
            name=op.f("fk_sales_user_id_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sales_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales")),
        sa.UniqueConstraint("user_id", "external_id", name=op.f("uq_sales_user_id_external_id")),
    )
    op.create_index("ix_sales_user_id_account_id_sold_id", "sales", ["user_id", "account_id", "sold", "id"])
    isolate("sales")


def downgrade() -> None:
    op.drop_table("sales")
