"""People who came after a model of peers was trained, without anything that names them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "peer_newcomers",
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("checksum", sa.String(), nullable=False),
        sa.Column("described", sa.LargeBinary(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_peer_newcomers")),
    )
    op.create_index("ix_peer_newcomers_checksum_released_at", "peer_newcomers", ["checksum", "released_at"])


def downgrade() -> None:
    op.drop_table("peer_newcomers")
