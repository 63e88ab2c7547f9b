"""Jobs keep what came of them: a training, what it came to in each category."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("result", JSONB(), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("jobs", "result")
