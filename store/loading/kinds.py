"""The kinds of files: their columns, what identifies a row, and the tables behind them."""

from dataclasses import dataclass, replace

from engine import enums
from engine.market import ASSET_CLASSES
from engine.transactions import CATEGORY_NAMES, SPENDING
from store.loading.columns import Column, Type, day, money, quantity, rate, text, whole, word, yes_no


@dataclass(frozen=True, slots=True)
class Target:
    """A table that a kind is merged into: its unique key, and the column that holds the row's owner."""

    table: str
    key: tuple[str, ...]
    owner: str | None = "user_id"
    repeated: bool = False
    """Whether several rows of a file are one row of the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of file."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    """Columns that together are there once in a file; none where rows may be alike."""
    targets: tuple[Target, ...]
    identified: tuple[str, ...] = ()
    """Columns that a row's id is derived from, none where the table has no id."""
    replaces: tuple[str, ...] = ()
    """A file replaces all rows that agree in these columns of the table with one of its own."""

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def optional(column: Column, default: str | None = None) -> Column:
    """A column that may be left out, or have empty cells."""
    return replace(column, required=False, default=default)


USER = text("user", "`external_id` of the household")
CURRENCY = replace(
    text("currency", "ISO 4217; all money of the household is in it", pattern="^[A-Z]{3}$", example="USD"),
    required=False,
    default="USD",
)
REGION = text("region", "ISO 3166-2", pattern="^[A-Z]{2}-[A-Z0-9]{1,3}$", example="US-CA")


def _with_assumed(*columns: Column) -> tuple[Column, ...]:
    """The columns, and one that names those of them whose value is assumed."""
    names = tuple(column.name for column in columns)
    meaning = "columns of this row whose value is assumed, not stated"
    return (*columns, Column(name="assumed", type=Type.NAMES, meaning=meaning, words=names, required=False))


HOUSEHOLDS = Kind(
    name="households",
    meaning="One row a household: what it states of itself.",
    key=("external_id",),
    targets=(Target("users", ("external_id",), owner="id"), Target("financial_profiles", ("user_id",))),
    columns=_with_assumed(
        text("external_id", "your name of the household"),
        CURRENCY,
        day("birth_date", "of the head of the household"),
        money("annual_income", "before tax, from all sources"),
        money("net_worth", "all that is owned less all that is owed"),
        money("liquid_assets", "money at hand: cash, checking, savings"),
        money("total_debt", "all that is owed", least=0),
        optional(money("monthly_expenses", "spent in a usual month", least=0)),
        word("marital_status", "", enums.MaritalStatus),
        whole("dependents", "children and others who are provided for", least=0, most=99),
        word("employment", "", enums.EmploymentStatus),
        yes_no("homeowner", "owns the home it lives in"),
        optional(word("filing_status", "United States income tax", enums.FilingStatus)),
        optional(REGION),
        optional(word("education", "highest degree of the head", enums.Education)),
        optional(word("sex", "as stated", enums.Sex)),
        optional(word("stated_risk_tolerance", "what the household says of itself", enums.RiskLevel)),
        optional(
            money("capital_loss_carryforward", "net losses of earlier years not yet used in a tax return", least=0)
        ),
        optional(quantity("weight", "households of the population that this one stands for", above=0)),
    ),
)

ACCOUNTS = Kind(
    name="accounts",
    meaning="One row an asset or a debt.",
    key=("user", "external_id"),
    identified=("user", "external_id"),
    targets=(Target("accounts", ("user_id", "external_id")),),
    columns=_with_assumed(
        USER,
        text("external_id", "your name of the account, unique within the household"),
        text("name", "as the household calls it"),
        word("kind", "", enums.AccountKind),
        money("balance", "negative for what is owed"),
        optional(rate("interest_rate", "a year, owed or earned", least=-1, most=1)),
        optional(money("minimum_payment", "a month", least=0)),
        optional(rate("employer_match_rate", "added by the employer to each unit saved", least=0, most=10)),
        optional(rate("employer_match_limit", "share of pay up to which it is added", least=0, most=1)),
    ),
)

HOLDINGS = Kind(
    name="holdings",
    meaning="One row a tax lot. A file replaces all lots of every account that it names.",
    identified=("user", "account", "symbol", "acquired", "lot"),
    replaces=("user_id", "account_id"),
    targets=(Target("tax_lots", ("id",)),),
    columns=(
        USER,
        text("account", "`external_id` of the account"),
        text("symbol", "of a fund or share, or an asset class"),
        quantity("quantity", "units; of an asset class one unit is one unit of money", above=0),
        money("cost_basis", "paid for the lot", least=0),
        day("acquired", "when it was bought"),
    ),
)

SALES = Kind(
    name="sales",
    meaning="One row a tax lot, or a part of one, that was sold. It changes no lots: load `holdings` too.",
    key=("user", "external_id"),
    identified=("user", "external_id"),
    targets=(Target("sales", ("user_id", "external_id")),),
    columns=(
        USER,
        text("external_id", "your name of the sale, unique within the household"),
        text("account", "`external_id` of the account"),
        text("symbol", "of a fund or share, or an asset class"),
        quantity("quantity", "units that were sold", above=0),
        money("cost_basis", "paid for them", least=0),
        money("proceeds", "what came in, after fees", least=0),
        day("acquired", "when they were bought"),
        day("sold", "when they were sold, not before they were bought"),
    ),
)

GOALS = Kind(
    name="goals",
    meaning="One row a goal.",
    key=("user", "external_id"),
    identified=("user", "external_id"),
    targets=(Target("goals", ("user_id", "external_id")),),
    columns=_with_assumed(
        USER,
        text("external_id", "your name of the goal, unique within the household"),
        text("name", "as the household calls it"),
        word("kind", "", enums.GoalKind),
        money("target_amount", "to have by then", above=0),
        day("target_date", "by when", past=False),
        money("saved_amount", "saved for it so far", least=0),
        money("monthly_contribution", "saved for it each month", least=0),
        word("priority", "", enums.Priority),
        optional(word("status", "", enums.GoalStatus), default=enums.GoalStatus.ACTIVE),
    ),
)

TRANSACTIONS = Kind(
    name="transactions",
    meaning="One row a movement of money.",
    key=("user", "external_id"),
    identified=("user", "external_id"),
    targets=(Target("transactions", ("user_id", "external_id")),),
    columns=(
        USER,
        text("external_id", "your name of the transaction, unique within the household"),
        optional(text("account", "`external_id` of the account")),
        day("date", "when it was booked"),
        money("amount", "negative for money out"),
        word("category", "", CATEGORY_NAMES),
        optional(text("merchant", "paid or paying")),
        optional(whole("hour", "of the day when it was paid, by the payer's clock", least=0, most=23)),
    ),
)

BUDGETS = Kind(
    name="budgets",
    meaning="One row a category: the most that the household means to spend in it in a month.",
    key=("user", "category"),
    targets=(Target("budgets", ("user_id", "category")),),
    columns=(
        USER,
        word("category", "", SPENDING),
        money("monthly_limit", "", least=0),
    ),
)

LIFE_EVENTS = Kind(
    name="life_events",
    meaning="One row an event of the past.",
    key=("user", "event", "date"),
    targets=(Target("life_events", ("user_id", "event", "date")),),
    columns=(USER, word("event", "", enums.LifeEvent), day("date", "when it happened")),
)

PRICES = Kind(
    name="prices",
    meaning="One row a symbol and day. The first file of a symbol names its asset class.",
    key=("symbol", "date"),
    targets=(
        Target("assets", ("symbol",), owner=None, repeated=True),
        Target("prices", ("symbol", "date"), owner=None),
    ),
    columns=(
        text("symbol", ""),
        day("date", "of the close"),
        quantity("close", "price of one unit", above=0),
        optional(quantity("total_return", "index with distributions reinvested", above=0)),
        optional(word("asset_class", "needed once a symbol, unless the symbol is an asset class", ASSET_CLASSES)),
        optional(text("name", "of the fund or share; else the symbol")),
    ),
)

KINDS = {
    kind.name: kind
    for kind in (HOUSEHOLDS, ACCOUNTS, HOLDINGS, SALES, GOALS, TRANSACTIONS, BUDGETS, LIFE_EVENTS, PRICES)
}
