"""What can be changed."""

import strawberry

from schema.admin.alerts import Alert
from schema.admin.experiments import Experiment
from schema.admin.models import Model
from schema.admin.runs import TrainingRun
from schema.answers import Recommendation
from schema.household import Account, Goal
from schema.mutations.accounts import add_sales, delete_account, save_account, save_holdings
from schema.mutations.advice import record_interaction, refresh_recommendations
from schema.mutations.goals import delete_goal, save_budget, save_goal
from schema.mutations.models import (
    acknowledge_alert,
    conclude_experiment,
    promote_model,
    rollback_model,
    serve_rules,
    start_experiment,
)
from schema.mutations.runs import cancel_run, detect_drift, train_models
from schema.mutations.transactions import add_transactions
from schema.mutations.users import create_user, update_profile
from schema.user import User


@strawberry.type
class Mutation:
    """The root of all changes; those of one document run one after the other, in one transaction."""

    train_models: TrainingRun = strawberry.field(
        resolver=train_models,
        description="Queue a training run; all models where none is named. retrain: train even where the champion is "
        "fresh. Administrators only.",
    )
    detect_drift: TrainingRun = strawberry.field(
        resolver=detect_drift,
        description="Queue a drift check; all models where none is named. Administrators only.",
    )
    rollback_model: Model = strawberry.field(
        resolver=rollback_model, description="Serve an earlier version at once. Administrators only."
    )
    serve_rules: Model = strawberry.field(
        resolver=serve_rules,
        description="Answer by rules, solvers and base rates at once, without a version. Administrators only.",
    )
    promote_model: Model = strawberry.field(
        resolver=promote_model, description="Serve a version at once, proven or not. Administrators only."
    )
    start_experiment: Experiment = strawberry.field(
        resolver=start_experiment,
        description="Answer a share of the users by a challenger, always the same ones. Administrators only.",
    )
    conclude_experiment: Experiment = strawberry.field(
        resolver=conclude_experiment,
        description="End an experiment; promote: the challenger becomes the champion. Administrators only.",
    )
    acknowledge_alert: Alert = strawberry.field(
        resolver=acknowledge_alert, description="The same cause may raise another alert. Administrators only."
    )

    cancel_run: TrainingRun = strawberry.field(
        resolver=cancel_run, description="Stop a run that has not ended. Administrators only."
    )

    create_user: User = strawberry.field(
        resolver=create_user,
        description="Administrators only; a repeated externalId returns the user that is there.",
    )
    update_profile: User = strawberry.field(
        resolver=update_profile,
        description="Only the fields that are given change. Totals are what the user states; where accounts exist, "
        "accounts win.",
    )
    save_account: Account = strawberry.field(
        resolver=save_account,
        description="Writes an account whole: the one of accountId, else the one of input.externalId, else a new one.",
    )
    delete_account: strawberry.ID = strawberry.field(
        resolver=delete_account, description="Forgets an account with its holdings and sales; its transactions stay."
    )
    save_holdings: Account = strawberry.field(
        resolver=save_holdings, description="Replaces the holdings of an account, lot by lot."
    )
    add_sales: Account = strawberry.field(
        resolver=add_sales,
        description="Notes what was sold of an account's securities; a repeated externalId changes nothing. Holdings "
        "stay as they are: save them too.",
    )
    save_budget: bool = strawberry.field(
        resolver=save_budget, description="The most that the household means to spend in a category and month."
    )
    save_goal: Goal = strawberry.field(
        resolver=save_goal,
        description="Writes a goal whole, the one of goalId or a new one; it is ACHIEVED where its amount is saved.",
    )
    delete_goal: strawberry.ID = strawberry.field(resolver=delete_goal, description="Forgets a goal.")
    add_transactions: int = strawberry.field(
        resolver=add_transactions, description="How many were new: a repeated externalId changes nothing."
    )
    refresh_recommendations: User = strawberry.field(
        resolver=refresh_recommendations, description="Compute anew instead of serving what is still valid."
    )
    record_interaction: Recommendation = strawberry.field(
        resolver=record_interaction, description="Notes what the user did with a recommendation."
    )
