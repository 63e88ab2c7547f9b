"""Models: versions and promotions, drift, alerts, experiments, and the ledger of forecasts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.isolation import isolate

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(), nullable=True),
        sa.CheckConstraint(
            "severity IN ('NONE', 'INFO', 'WARNING', 'CRITICAL')", name=op.f("ck_alerts_severity_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index("ix_alerts_raised_at", "alerts", ["raised_at", "id"], unique=False)
    op.create_index(
        "uq_alerts_open_cause", "alerts", ["cause"], unique=True, postgresql_where="acknowledged_at IS NULL"
    )
    op.create_table(
        "experiments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("champion", sa.Integer(), nullable=False),
        sa.Column("challenger", sa.Integer(), nullable=False),
        sa.Column("challenger_share", sa.Float(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(), nullable=False),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("conclusion", sa.String(), nullable=True),
        sa.Column("champion_score", sa.Float(), nullable=True),
        sa.Column("challenger_score", sa.Float(), nullable=True),
        sa.Column("probability_better", sa.Float(), nullable=True),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.CheckConstraint("challenger_share BETWEEN 0 AND 1", name=op.f("ck_experiments_challenger_share_share")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experiments")),
    )
    op.create_index(
        "uq_experiments_running", "experiments", ["category"], unique=True, postgresql_where="concluded_at IS NULL"
    )
    op.create_table(
        "model_promotions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_promotions")),
    )
    op.create_index("ix_model_promotions_category_at", "model_promotions", ["category", "at"], unique=False)
    op.create_table(
        "drift_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("features", postgresql.JSONB(), nullable=False),
        sa.Column("reference_rows", sa.Integer(), nullable=False),
        sa.Column("current_rows", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "severity IN ('NONE', 'INFO', 'WARNING', 'CRITICAL')", name=op.f("ck_drift_reports_severity_known")
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_drift_reports_job_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drift_reports")),
    )
    op.create_index("ix_drift_reports_category_checked_at", "drift_reports", ["category", "checked_at"], unique=False)
    op.create_table(
        "forecasts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("model_name", sa.String(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_forecasts_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecasts")),
        sa.UniqueConstraint(
            "user_id",
            "category",
            "kind",
            "subject",
            "due",
            "model_name",
            name=op.f("uq_forecasts_user_id_category_kind_subject_due_model_name"),
        ),
    )
    op.create_index("ix_forecasts_due", "forecasts", ["due"], unique=False, postgresql_where="judged_at IS NULL")
    op.create_table(
        "model_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("checksum", sa.String(), nullable=False),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.Column("trained_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("training_users", sa.Integer(), nullable=False),
        sa.Column("manifest", postgresql.JSONB(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "stage IN ('CHAMPION', 'CHALLENGER', 'RETIRED')", name=op.f("ck_model_versions_stage_known")
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_model_versions_job_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_versions")),
        sa.UniqueConstraint("category", "version", name=op.f("uq_model_versions_category_version")),
    )
    op.create_index(
        "uq_model_versions_champion", "model_versions", ["category"], unique=True, postgresql_where="stage = 'CHAMPION'"
    )
    isolate("forecasts")


def downgrade() -> None:
    op.drop_index("uq_model_versions_champion", table_name="model_versions", postgresql_where="stage = 'CHAMPION'")
    op.drop_table("model_versions")
    op.drop_index("ix_forecasts_due", table_name="forecasts", postgresql_where="judged_at IS NULL")
    op.drop_table("forecasts")
    op.drop_index("ix_drift_reports_category_checked_at", table_name="drift_reports")
    op.drop_table("drift_reports")
    op.drop_index("ix_model_promotions_category_at", table_name="model_promotions")
    op.drop_table("model_promotions")
    op.drop_index("uq_experiments_running", table_name="experiments", postgresql_where="concluded_at IS NULL")
    op.drop_table("experiments")
    op.drop_index("uq_alerts_open_cause", table_name="alerts", postgresql_where="acknowledged_at IS NULL")
    op.drop_index("ix_alerts_raised_at", table_name="alerts")
    op.drop_table("alerts")
