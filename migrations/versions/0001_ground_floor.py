"""Households, answers and operations; whose rows they are, and the chain of the audit log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.isolation import isolate

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

OWNED = (
    "accounts",
    "answers",
    "budgets",
    "demo_truth",
    "financial_profiles",
    "goals",
    "life_events",
    "ml_recommendations",
    "tax_lots",
    "transactions",
    "user_keys",
)

PRIVILEGES = """
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO finrec_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO finrec_app;
REVOKE UPDATE, DELETE ON audit_log FROM finrec_app
"""

AUDIT_HASH = """
CREATE FUNCTION audit_hash(previous bytea, entry audit_log) RETURNS bytea LANGUAGE sql IMMUTABLE
RETURN sha256(coalesce(previous, ''::bytea) || convert_to(jsonb_build_array(
    entry.sequence, entry.id, extract(epoch FROM entry.at), entry.actor, entry.action, entry.subject, entry.detail
)::text, 'UTF8'))
"""

AUDIT_APPEND = """
CREATE FUNCTION audit_append(entries jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    last audit_log;
    entry audit_log;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_log'));
    SELECT * INTO last FROM audit_log ORDER BY sequence DESC LIMIT 1;
    FOR entry IN SELECT * FROM jsonb_populate_recordset(NULL::audit_log, entries) LOOP
        entry.sequence := coalesce(last.sequence, 0) + 1;
        entry.at := clock_timestamp();
        entry.hash := audit_hash(last.hash, entry);
        INSERT INTO audit_log VALUES (entry.*);
        last := entry;
    END LOOP;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "assets",
        sa.Column("symbol", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("asset_class", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("symbol", name=op.f("pk_assets")),
    )
    op.create_table(
        "audit_log",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_log")),
        sa.UniqueConstraint("id", name=op.f("uq_audit_log_id")),
    )
    op.create_index("ix_audit_log_subject_sequence", "audit_log", ["subject", "sequence"], unique=False)
    op.create_table(
        "idempotent_responses",
        sa.Column("viewer", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("response", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("viewer", "key", name=op.f("pk_idempotent_responses")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("arguments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_code", sa.String(), nullable=True),
        sa.Column("error_message", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('TRAINING', 'DRIFT', 'SCORING', 'LEDGER', 'RETENTION')", name=op.f("ck_jobs_kind_known")
        ),
        sa.CheckConstraint(
            "status IN ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'DEAD', 'CANCELLED')",
            name=op.f("ck_jobs_status_known"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_jobs_attempts_at_least_0")),
        sa.CheckConstraint("progress BETWEEN 0 AND 1", name=op.f("ck_jobs_progress_share")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_jobs_idempotency_key")),
    )
    op.create_index(
        "ix_jobs_open", "jobs", ["status"], unique=False, postgresql_where="status IN ('QUEUED', 'RUNNING')"
    )
    op.create_index("ix_jobs_requested_at", "jobs", ["requested_at", "id"], unique=False)
    op.create_table(
        "ml_model_performance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("model_name", sa.String(), nullable=False),
        sa.Column("metric_name", sa.String(), nullable=False),
        sa.Column("metric_value", sa.Numeric(precision=15, scale=8), nullable=False),
        sa.Column("baseline_value", sa.Numeric(precision=15, scale=8), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ml_model_performance")),
    )
    op.create_index(
        "ix_ml_model_performance_model_name_recorded_at",
        "ml_model_performance",
        ["model_name", "recorded_at"],
        unique=False,
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("weight", sa.Numeric(precision=24, scale=8), nullable=True),
        sa.Column("data_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_users_currency_is_iso_4217")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("external_id", name=op.f("uq_users_external_id")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("balance", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("interest_rate", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("minimum_payment", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("employer_match_rate", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("employer_match_limit", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("assumed", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.CheckConstraint(
            "kind IN ('CHECKING', 'SAVINGS', 'TAXABLE', 'TRADITIONAL_IRA', 'ROTH_IRA', 'EMPLOYER_PLAN', 'HSA', 'PROPERTY', 'VEHICLE', 'BUSINESS', 'OTHER_ASSET', 'CREDIT_CARD', 'STUDENT_LOAN', 'LOAN', 'MORTGAGE')",
            name=op.f("ck_accounts_kind_known"),
        ),
        sa.CheckConstraint("employer_match_limit BETWEEN 0 AND 1", name=op.f("ck_accounts_employer_match_limit_share")),
        sa.CheckConstraint("employer_match_rate >= 0", name=op.f("ck_accounts_employer_match_rate_at_least_0")),
        sa.CheckConstraint("minimum_payment >= 0", name=op.f("ck_accounts_minimum_payment_at_least_0")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_accounts_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("user_id", "external_id", name=op.f("uq_accounts_user_id_external_id")),
        sa.UniqueConstraint("user_id", "id", name=op.f("uq_accounts_user_id_id")),
    )
    op.create_table(
        "answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("data_version", sa.Integer(), nullable=False),
        sa.Column("model_version", sa.Integer(), nullable=True),
        sa.Column("basis_version", sa.String(), nullable=False),
        sa.Column("generated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_answers_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint("user_id", "category", name=op.f("uq_answers_user_id_category")),
    )
    op.create_table(
        "budgets",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("monthly_limit", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.CheckConstraint("monthly_limit >= 0", name=op.f("ck_budgets_monthly_limit_at_least_0")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_budgets_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "category", name=op.f("pk_budgets")),
    )
    op.create_table(
        "demo_truth",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_demo_truth_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "name", name=op.f("pk_demo_truth")),
    )
    op.create_table(
        "financial_profiles",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("annual_income", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("net_worth", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("liquid_assets", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("total_debt", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("monthly_expenses", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("marital_status", sa.String(), nullable=False),
        sa.Column("dependents", sa.Integer(), nullable=False),
        sa.Column("employment", sa.String(), nullable=False),
        sa.Column("homeowner", sa.Boolean(), nullable=False),
        sa.Column("filing_status", sa.String(), nullable=True),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("education", sa.String(), nullable=True),
        sa.Column("sex", sa.String(), nullable=True),
        sa.Column("stated_risk_tolerance", sa.String(), nullable=True),
        sa.Column("assumed", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.CheckConstraint(
            "education IN ('NO_DIPLOMA', 'HIGH_SCHOOL', 'SOME_COLLEGE', 'DEGREE')",
            name=op.f("ck_financial_profiles_education_known"),
        ),
        sa.CheckConstraint(
            "employment IN ('EMPLOYED', 'SELF_EMPLOYED', 'UNEMPLOYED', 'RETIRED', 'STUDENT')",
            name=op.f("ck_financial_profiles_employment_known"),
        ),
        sa.CheckConstraint(
            "filing_status IN ('SINGLE', 'MARRIED_JOINTLY', 'MARRIED_SEPARATELY', 'HEAD_OF_HOUSEHOLD')",
            name=op.f("ck_financial_profiles_filing_status_known"),
        ),
        sa.CheckConstraint(
            "marital_status IN ('SINGLE', 'MARRIED', 'DIVORCED', 'WIDOWED')",
            name=op.f("ck_financial_profiles_marital_status_known"),
        ),
        sa.CheckConstraint("sex IN ('FEMALE', 'MALE', 'OTHER')", name=op.f("ck_financial_profiles_sex_known")),
        sa.CheckConstraint(
            "stated_risk_tolerance IN ('CONSERVATIVE', 'MODERATELY_CONSERVATIVE', 'MODERATE', 'MODERATELY_AGGRESSIVE', 'AGGRESSIVE')",
            name=op.f("ck_financial_profiles_stated_risk_tolerance_known"),
        ),
        sa.CheckConstraint("dependents >= 0", name=op.f("ck_financial_profiles_dependents_at_least_0")),
        sa.CheckConstraint("monthly_expenses >= 0", name=op.f("ck_financial_profiles_monthly_expenses_at_least_0")),
        sa.CheckConstraint("total_debt >= 0", name=op.f("ck_financial_profiles_total_debt_at_least_0")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_financial_profiles_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_financial_profiles")),
    )
    op.create_table(
        "goals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target_amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("target_date", sa.Date(), nullable=False),
        sa.Column("saved_amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("monthly_contribution", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("assumed", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.CheckConstraint(
            "kind IN ('EMERGENCY_FUND', 'RETIREMENT', 'HOME_PURCHASE', 'EDUCATION', 'DEBT_PAYOFF', 'MAJOR_PURCHASE', 'TRAVEL', 'OTHER')",
            name=op.f("ck_goals_kind_known"),
        ),
        sa.CheckConstraint("priority IN ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW')", name=op.f("ck_goals_priority_known")),
        sa.CheckConstraint("status IN ('ACTIVE', 'ACHIEVED', 'ABANDONED')", name=op.f("ck_goals_status_known")),
        sa.CheckConstraint("monthly_contribution >= 0", name=op.f("ck_goals_monthly_contribution_at_least_0")),
        sa.CheckConstraint("saved_amount >= 0", name=op.f("ck_goals_saved_amount_at_least_0")),
        sa.CheckConstraint("target_amount > 0", name=op.f("ck_goals_target_amount_positive")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_goals_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goals")),
        sa.UniqueConstraint("user_id", "external_id", name=op.f("uq_goals_user_id_external_id")),
    )
    op.create_table(
        "life_events",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "event IN ('MARRIAGE', 'CHILD', 'JOB_CHANGE', 'HOME_PURCHASE', 'RETIREMENT')",
            name=op.f("ck_life_events_event_known"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_life_events_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "event", "date", name=op.f("pk_life_events")),
    )
    op.create_table(
        "prices",
        sa.Column("symbol", sa.String(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("close", sa.Numeric(precision=24, scale=8), nullable=False),
        sa.Column("total_return", sa.Numeric(precision=24, scale=8), nullable=True),
        sa.CheckConstraint("close > 0", name=op.f("ck_prices_close_positive")),
        sa.ForeignKeyConstraint(["symbol"], ["assets.symbol"], name=op.f("fk_prices_symbol"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("symbol", "date", name=op.f("pk_prices")),
    )
    op.create_table(
        "schedule_slots",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_schedule_slots_job_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("name", "slot", name=op.f("pk_schedule_slots")),
    )
    op.create_table(
        "user_keys",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped_by", sa.String(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_keys_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_keys")),
    )
    op.create_table(
        "ml_recommendations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.Column("recommendation_type", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("description", sa.LargeBinary(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("model_name", sa.String(), nullable=False),
        sa.Column("confidence_score", sa.Numeric(precision=5, scale=4), nullable=True),
        sa.Column("recommendation_data", sa.LargeBinary(), nullable=False),
        sa.Column("actionable_items", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "priority IN ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW')", name=op.f("ck_ml_recommendations_priority_known")
        ),
        sa.CheckConstraint(
            "status IN ('ACTIVE', 'VIEWED', 'ACCEPTED', 'DISMISSED', 'COMPLETED', 'EXPIRED')",
            name=op.f("ck_ml_recommendations_status_known"),
        ),
        sa.CheckConstraint(
            "confidence_score BETWEEN 0 AND 1", name=op.f("ck_ml_recommendations_confidence_score_share")
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answers.id"], name=op.f("fk_ml_recommendations_answer_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_ml_recommendations_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ml_recommendations")),
        sa.UniqueConstraint(
            "user_id", "recommendation_type", "key", name=op.f("uq_ml_recommendations_user_id_recommendation_type_key")
        ),
    )
    op.create_index(
        "ix_ml_recommendations_user_id_created_at", "ml_recommendations", ["user_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "tax_lots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("symbol", sa.String(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=24, scale=8), nullable=False),
        sa.Column("cost_basis", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("acquired", sa.Date(), nullable=False),
        sa.CheckConstraint("cost_basis >= 0", name=op.f("ck_tax_lots_cost_basis_at_least_0")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_tax_lots_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["user_id", "account_id"],
            ["accounts.user_id", "accounts.id"],
            name=op.f("fk_tax_lots_user_id_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_tax_lots_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_lots")),
    )
    op.create_index("ix_tax_lots_user_id_account_id", "tax_lots", ["user_id", "account_id"], unique=False)
    op.create_table(
        "transactions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("merchant", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id", "account_id"],
            ["accounts.user_id", "accounts.id"],
            name=op.f("fk_transactions_user_id_account_id"),
            ondelete="SET NULL (account_id)",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_transactions_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transactions")),
        sa.UniqueConstraint("user_id", "external_id", name=op.f("uq_transactions_user_id_external_id")),
    )
    op.create_index("ix_transactions_user_id_date_id", "transactions", ["user_id", "date", "id"], unique=False)
    isolate("users", "id")
    for table in OWNED:
        isolate(table)
    op.execute(PRIVILEGES)
    op.execute(AUDIT_HASH)
    op.execute(AUDIT_APPEND)


def downgrade() -> None:
    op.execute("DROP FUNCTION audit_append")
    op.execute("DROP FUNCTION audit_hash")
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM finrec_app")
    op.drop_index("ix_transactions_user_id_date_id", table_name="transactions")
    op.drop_table("transactions")
    op.drop_index("ix_tax_lots_user_id_account_id", table_name="tax_lots")
    op.drop_table("tax_lots")
    op.drop_index("ix_ml_recommendations_user_id_created_at", table_name="ml_recommendations")
    op.drop_table("ml_recommendations")
    op.drop_table("user_keys")
    op.drop_table("schedule_slots")
    op.drop_table("prices")
    op.drop_table("life_events")
    op.drop_table("goals")
    op.drop_table("financial_profiles")
    op.drop_table("demo_truth")
    op.drop_table("budgets")
    op.drop_table("answers")
    op.drop_table("accounts")
    op.drop_table("users")
    op.drop_index("ix_ml_model_performance_model_name_recorded_at", table_name="ml_model_performance")
    op.drop_table("ml_model_performance")
    op.drop_index("ix_jobs_requested_at", table_name="jobs")
    op.drop_index("ix_jobs_open", table_name="jobs", postgresql_where="status IN ('QUEUED', 'RUNNING')")
    op.drop_table("jobs")
    op.drop_table("idempotent_responses")
    op.drop_index("ix_audit_log_subject_sequence", table_name="audit_log")
    op.drop_table("audit_log")
    op.drop_table("assets")
