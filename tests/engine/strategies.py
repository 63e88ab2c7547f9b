"""Facts by chance: any household that the tables admit."""

from datetime import date

from hypothesis import strategies as st

from engine.enums import AccountKind, GoalKind, Priority
from tests.engine.facts_factory import ENUMS, MONTHS, Row, account, goal, household, lot


def money(most: float = 5e6) -> st.SearchStrategy[float]:
    """An amount in cents, often nothing."""
    return st.one_of(st.just(0.0), st.integers(0, int(100 * most)).map(lambda cents: cents / 100))


def rates() -> st.SearchStrategy[float | None]:
    """A rate a year, often unknown."""
    return st.one_of(st.none(), st.floats(0.0, 0.4))


def profiles() -> st.SearchStrategy[dict[str, object]]:
    """Any profile."""
    return st.fixed_dictionaries(
        {
            "currency": st.sampled_from(["USD", "USD", "EUR", "CHF"]),
            "age": st.integers(18, 99).map(float),
            "annual_income": money(),
            "net_worth": st.floats(-1e6, 1e7),
            "liquid_assets": money(),
            "total_debt": money(),
            "monthly_expenses": st.one_of(st.none(), money(1e5)),
            "expenses_assumed": st.booleans(),
            "dependents": st.integers(0, 12).map(float),
            "homeowner": st.booleans(),
            **{name: st.sampled_from([None, *map(str, enum)]) for name, enum in ENUMS.items()},
        }
    )


def lots() -> st.SearchStrategy[Row]:
    """Any tax lot: of a class, a fund or a symbol that nobody knows; tiny or huge; bought today or long ago."""
    return st.builds(
        lambda kind, quantity, price, basis, acquired: lot(
            kind[0], quantity, 1.0 if kind[0] == kind[1] else price, basis, asset_class=kind[1], acquired=acquired
        ),
        st.sampled_from(
            [("US_EQUITY", "US_EQUITY"), ("CASH", "CASH"), ("AGG", "US_BONDS"), ("VTI", "US_EQUITY"), ("X", "X")]
        ),
        st.one_of(st.just(1e-8), st.just(1e7), st.floats(0.01, 5e3)),
        st.floats(0.01, 500.0),
        money(),
        st.dates(date(1990, 1, 1), date(2026, 9, 15)),
    )


def account_rows() -> st.SearchStrategy[Row]:
    """Any account, owed where its kind is a debt."""
    debts = ("CREDIT_CARD", "STUDENT_LOAN", "LOAN", "MORTGAGE")
    return st.builds(
        lambda kind, balance, more: account(kind, -balance if kind in debts else balance, **more),
        st.sampled_from([str(kind) for kind in AccountKind]),
        st.one_of(money(), st.just(-250.0)),
        st.fixed_dictionaries(
            {
                "interest_rate": rates(),
                "minimum_payment": st.one_of(st.none(), money(1e4)),
                "employer_match_rate": st.one_of(st.none(), st.floats(0.0, 2.0)),
                "employer_match_limit": st.one_of(st.none(), st.floats(0.0, 0.15)),
                "lots": st.one_of(st.just([]), st.lists(lots(), max_size=6)),
            }
        ),
    )


def goal_rows() -> st.SearchStrategy[Row]:
    """Any goal: tiny, huge, reached, due yesterday, due in 60 years."""
    return st.builds(
        lambda kind, target, more: goal(kind, target, **more),
        st.sampled_from([str(kind) for kind in GoalKind]),
        st.one_of(st.just(1.0), money().filter(lambda value: value > 0)),
        st.fixed_dictionaries(
            {
                "target_date": st.dates(date(2020, 1, 1), date(2086, 1, 1)),
                "saved_amount": money(),
                "monthly_contribution": money(5e3),
                "priority": st.sampled_from([str(level) for level in Priority]),
            }
        ),
    )


def month_sums() -> st.SearchStrategy[list[dict[str, float]]]:
    """Nothing, one month, or years of a few categories."""
    names = (
        "salary",
        "bonus",
        "benefits",
        "savings_transfer",
        "debt_payment",
        "rent",
        "mortgage",
        "insurance",
        "travel",
        "other",
    )
    month = st.dictionaries(st.sampled_from(names), money(2e4), max_size=5).map(
        lambda sums: {
            name: value if name in {"salary", "bonus", "benefits"} else -value for name, value in sums.items()
        }
    )
    years = st.tuples(st.lists(month, min_size=1, max_size=4), st.integers(2, MONTHS))
    repeated = years.map(lambda drawn: (drawn[0] * MONTHS)[: drawn[1]])
    return st.one_of(st.just([]), st.lists(month, min_size=1, max_size=1), repeated)


def deposits() -> st.SearchStrategy[list[tuple[date, float]]]:
    """Pay of the last twelve months, on any days."""
    day = st.dates(date(2025, 9, 1), date(2026, 9, 14))
    return st.lists(st.tuples(day, money(2e4)), max_size=8)


def payments() -> st.SearchStrategy[list[tuple[object, ...]]]:
    """Payments of the last thirteen months: alike ones, refunds, tiny and huge ones, with and without a merchant."""
    day = st.dates(date(2025, 8, 16), date(2026, 9, 15))
    category = st.sampled_from(
        ["salary", "savings_transfer", "groceries", "dining", "shopping", "subscriptions", "taxes"]
    )
    place = st.sampled_from([None, "One", "Two", "Three"])
    amount = st.one_of(st.just(-9.99), money(1e4).map(lambda value: -value), money(1e4))
    return st.lists(st.tuples(day, amount, category, place), max_size=40)


def households() -> st.SearchStrategy[Row]:
    """Any household."""
    return st.builds(
        lambda profile, accounts, goals, months, pay, transactions, budgets: household(
            accounts=accounts,
            goals=goals,
            months=months,
            pay=pay,
            transactions=transactions,
            budgets=budgets,
            **profile,
        ),
        profiles(),
        st.lists(account_rows(), max_size=5),
        st.one_of(st.lists(goal_rows(), max_size=3), goal_rows().map(lambda row: 20 * [row])),
        month_sums(),
        deposits(),
        payments(),
        st.dictionaries(st.sampled_from(["dining", "travel", "groceries"]), money(2e3)),
    )
