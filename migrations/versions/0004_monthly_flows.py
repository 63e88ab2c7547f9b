"""Sums of transactions by month and category, kept by the database itself, whatever writes the transactions.

Statement triggers see every way in: single rows, the loader's upserts, deletes, cascades. Rows of the household are
locked before its sums, in the order of `store.households.version`, so that writers wait in line and never in a circle.
"""

import sqlalchemy as sa
from alembic import op

from migrations.isolation import isolate

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FOLLOW = """
CREATE FUNCTION monthly_flows_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM FROM users WHERE id IN (SELECT user_id FROM removed) ORDER BY id FOR NO KEY UPDATE;
        UPDATE monthly_flows AS kept SET amount = kept.amount - gone.amount, count = kept.count - gone.count
        FROM (SELECT user_id, date_trunc('month', date::timestamp)::date AS month, category, sum(amount) AS amount, count(*)
              FROM removed GROUP BY 1, 2, 3) AS gone
        WHERE (kept.user_id, kept.month, kept.category) = (gone.user_id, gone.month, gone.category);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM FROM users WHERE id IN (SELECT user_id FROM added) ORDER BY id FOR NO KEY UPDATE;
        INSERT INTO monthly_flows AS kept (user_id, month, category, amount, count)
        SELECT user_id, date_trunc('month', date::timestamp)::date, category, sum(amount), count(*) FROM added GROUP BY 1, 2, 3
        ON CONFLICT (user_id, month, category)
        DO UPDATE SET amount = kept.amount + excluded.amount, count = kept.count + excluded.count;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM monthly_flows WHERE count = 0 AND user_id IN (SELECT user_id FROM removed);
    END IF;
    RETURN NULL;
END $$
"""

TRIGGERS = {
    "INSERT": "REFERENCING NEW TABLE AS added",
    "UPDATE": "REFERENCING OLD TABLE AS removed NEW TABLE AS added",
    "DELETE": "REFERENCING OLD TABLE AS removed",
}

EMPTY = """
CREATE FUNCTION monthly_flows_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM monthly_flows;
    RETURN NULL;
END $$
"""

FILL = """
INSERT INTO monthly_flows (user_id, month, category, amount, count)
SELECT user_id, date_trunc('month', date::timestamp)::date, category, sum(amount), count(*) FROM transactions GROUP BY 1, 2, 3
"""


def upgrade() -> None:
    op.create_table(
        "monthly_flows",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=24, scale=2), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_monthly_flows_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "month", "category", name=op.f("pk_monthly_flows")),
    )
    op.execute("SELECT set_config('finrec.scope', 'all', true)")  # the owner of the tables is fenced off as well
    op.execute("LOCK TABLE transactions IN SHARE ROW EXCLUSIVE MODE")
    op.execute(FILL)
    isolate("monthly_flows")
    op.execute(FOLLOW)
    op.execute(EMPTY)
    for event, tables in TRIGGERS.items():
        op.execute(
            f"CREATE TRIGGER monthly_flows_{event.lower()} AFTER {event} ON transactions {tables} "
            "FOR EACH STATEMENT EXECUTE FUNCTION monthly_flows_follow()"
        )
    op.execute(
        "CREATE TRIGGER monthly_flows_truncate AFTER TRUNCATE ON transactions "
        "FOR EACH STATEMENT EXECUTE FUNCTION monthly_flows_empty()"
    )


def downgrade() -> None:
    for event in (*TRIGGERS, "truncate"):
        op.execute(f"DROP TRIGGER monthly_flows_{event.lower()} ON transactions")
    op.execute("DROP FUNCTION monthly_flows_follow")
    op.execute("DROP FUNCTION monthly_flows_empty")
    op.drop_table("monthly_flows")
