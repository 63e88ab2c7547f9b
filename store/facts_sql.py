"""The queries behind `store.facts`: one a source, rows in the order of the users asked for.

`wanted` numbers those users from 0; amounts are cast to double precision, since the engine counts in floats.
"""

_WANTED = """
WITH wanted AS (SELECT id, ordinality - 1 AS "user" FROM unnest(%(users)s::uuid[]) WITH ORDINALITY AS u(id, ordinality))
"""

TOTALS = """
totals AS (
    SELECT user_id, sum(balance) AS net_worth,
           coalesce(sum(balance) FILTER (WHERE kind = ANY(%(cash)s)), 0) AS liquid_assets,
           coalesce(-sum(balance) FILTER (WHERE balance < 0), 0) AS total_debt
    FROM accounts WHERE user_id = ANY(%(users)s::uuid[]) GROUP BY user_id
)
"""
"""Of the accounts, which win over what a profile states."""

PROFILE = (
    _WANTED
    + f""", {TOTALS}
SELECT u.currency,
       ((%(today)s::date - p.birth_date) / 365.25)::float8 AS age,
       p.annual_income::float8,
       coalesce(t.net_worth, p.net_worth)::float8 AS net_worth,
       coalesce(t.liquid_assets, p.liquid_assets)::float8 AS liquid_assets,
       coalesce(t.total_debt, p.total_debt)::float8 AS total_debt,
       p.monthly_expenses::float8, p.marital_status, p.dependents::float8, p.employment,
       coalesce(p.homeowner, false) AS homeowner, p.filing_status, p.region, p.education, p.sex,
       p.stated_risk_tolerance, p.capital_loss_carryforward::float8,
       coalesce('monthly_expenses' = ANY(p.assumed), false) AS expenses_assumed
FROM wanted AS w
LEFT JOIN users AS u ON u.id = w.id
LEFT JOIN financial_profiles AS p ON p.user_id = w.id
LEFT JOIN totals AS t ON t.user_id = w.id
ORDER BY w."user"
"""
)

ACCOUNTS = (
    _WANTED
    + """
SELECT w."user", a.id, a.name, a.kind, a.balance::float8, a.interest_rate::float8, a.minimum_payment::float8,
       a.employer_match_rate::float8, a.employer_match_limit::float8
FROM wanted AS w JOIN accounts AS a ON a.user_id = w.id
ORDER BY w."user", a.id
"""
)

LATEST_PRICE = """
-- of the lot `l`; a symbol that is an asset class is worth one unit of money where no price is loaded
LEFT JOIN LATERAL (
    (SELECT close FROM prices WHERE prices.symbol = l.symbol AND prices.date <= %(today)s ORDER BY date DESC LIMIT 1)
    UNION ALL (SELECT 1 WHERE l.symbol = ANY(%(asset_classes)s)) LIMIT 1
) AS price ON true
LEFT JOIN assets ON assets.symbol = l.symbol
"""

HOLDINGS = (
    _WANTED
    + f"""
SELECT w."user", l.account_id AS account, l.symbol, coalesce(assets.asset_class, l.symbol) AS asset_class,
       l.quantity::float8, coalesce(l.quantity * price.close, l.cost_basis)::float8 AS market_value,
       l.cost_basis::float8, l.acquired
FROM wanted AS w JOIN tax_lots AS l ON l.user_id = w.id {LATEST_PRICE}
ORDER BY w."user", l.account_id, l.symbol, l.acquired, l.id
"""
)

SALES = (
    _WANTED
    + """
SELECT w."user", s.account_id AS account, s.symbol, s.quantity::float8, s.cost_basis::float8, s.proceeds::float8,
       s.acquired, s.sold
FROM wanted AS w JOIN sales AS s ON s.user_id = w.id
WHERE s.sold >= %(prices_from)s AND s.sold <= %(today)s
ORDER BY w."user", s.sold, s.id
"""
)

GOALS = (
    _WANTED
    + """
SELECT w."user", g.id, g.name, g.kind, g.target_amount::float8, g.target_date, g.saved_amount::float8,
       g.monthly_contribution::float8, g.priority
FROM wanted AS w JOIN goals AS g ON g.user_id = w.id AND g.status = 'ACTIVE'
ORDER BY w."user", g.target_date, g.id
"""
)

ENDED_GOALS = (
    _WANTED
    + """
SELECT w."user", g.kind, g.target_date, g.status
FROM wanted AS w JOIN goals AS g ON g.user_id = w.id AND g.status <> 'ACTIVE'
ORDER BY w."user", g.target_date, g.id
"""
)

CASH_FLOWS = (
    _WANTED
    + """
-- one row a user: its sums are packed, since a Python object for each would cost more than the query
SELECT w."user", f.cells, f.amounts
FROM wanted AS w CROSS JOIN LATERAL (
    SELECT string_agg(int4send(
               ((extract(year FROM month)::int4 * 12 + extract(month FROM month)::int4 - 1 - %(first_month)s)
                * cardinality(%(categories)s::text[]) + array_position(%(categories)s::text[], category) - 1)
           ), '') AS cells,
           string_agg(float8send(amount::float8), '') AS amounts
    FROM monthly_flows
    WHERE user_id = w.id AND month >= %(first)s AND month < %(end)s AND category = ANY(%(categories)s::text[])
) AS f
WHERE f.cells IS NOT NULL
"""
)

KNOWN_MONTHS = (
    _WANTED
    + """
-- of the first and the last transaction; the month that is still running shows that they go on arriving
SELECT w."user", first.month AS first, last.month AS last
FROM wanted AS w CROSS JOIN LATERAL (
    SELECT month FROM monthly_flows WHERE user_id = w.id ORDER BY month LIMIT 1
) AS first
CROSS JOIN LATERAL (
    SELECT month FROM monthly_flows WHERE user_id = w.id AND month <= %(end)s ORDER BY month DESC LIMIT 1
) AS last
WHERE first.month < %(end)s
"""
)

TRANSACTIONS = (
    _WANTED
    + """
SELECT w."user", t.date - date '1970-01-01' AS day, t.amount::float8, t.merchant, t.hour,
       array_position(%(categories)s::text[], t.category) - 1 AS category
FROM wanted AS w JOIN transactions AS t ON t.user_id = w.id
WHERE t.date >= %(transactions_from)s AND t.date <= %(today)s
ORDER BY w."user", t.date, t.id
"""
)

INCOME = (
    _WANTED
    + """
-- what pay days are told from: interest is credited on days of its own
SELECT w."user", t.date, t.amount::float8
FROM wanted AS w JOIN transactions AS t ON t.user_id = w.id
WHERE t.category IN ('salary', 'bonus', 'benefits', 'other_income') AND t.amount > 0
  AND t.date >= %(income_from)s AND t.date <= %(today)s
ORDER BY w."user", t.date, t.id
"""
)

BUDGETS = (
    _WANTED
    + """
SELECT w."user", b.category, b.monthly_limit::float8
FROM wanted AS w JOIN budgets AS b ON b.user_id = w.id
ORDER BY w."user", b.category
"""
)

LIFE_EVENTS = (
    _WANTED
    + """
SELECT w."user", e.event, e.date
FROM wanted AS w JOIN life_events AS e ON e.user_id = w.id
ORDER BY w."user", e.date, e.event
"""
)

PRICES = """
-- the last level of each week; of each asset class the two funds with current prices and the longest history
WITH listed AS (
    SELECT a.symbol, a.asset_class, last.date AS latest,
           row_number() OVER (
               PARTITION BY a.asset_class ORDER BY last.date >= %(current_from)s DESC, first.date, a.symbol
           ) AS rank
    FROM assets AS a
    CROSS JOIN LATERAL (SELECT date FROM prices WHERE symbol = a.symbol ORDER BY date LIMIT 1) AS first
    CROSS JOIN LATERAL (
        SELECT date FROM prices WHERE symbol = a.symbol AND date <= %(today)s ORDER BY date DESC LIMIT 1
    ) AS last
),
wanted AS (
    SELECT symbol, asset_class, latest, CASE WHEN rank <= 2 THEN rank ELSE 0 END AS rank FROM listed
    WHERE rank <= 2 OR symbol IN (
        SELECT symbol FROM tax_lots WHERE user_id = ANY(%(users)s::uuid[])
        UNION ALL SELECT symbol FROM sales WHERE user_id = ANY(%(users)s::uuid[]) AND sold >= %(prices_from)s
    )
),
weekly AS (
    SELECT DISTINCT ON (p.symbol, date_trunc('week', p.date)) p.symbol, date_trunc('week', p.date)::date AS week,
           p.close::float8, p.total_return::float8
    FROM wanted AS w JOIN prices AS p ON p.symbol = w.symbol AND p.date >= %(prices_from)s AND p.date <= %(today)s
    ORDER BY p.symbol, date_trunc('week', p.date), p.date DESC
)
SELECT w.symbol, w.asset_class, w.rank, w.latest, coalesce(l.weeks, '{}') AS weeks, coalesce(l.close, '{}') AS close,
       coalesce(l.total_return, '{}') AS total_return
FROM wanted AS w
LEFT JOIN (
    SELECT symbol, array_agg(week) AS weeks, array_agg(close) AS close, array_agg(total_return) AS total_return
    FROM weekly GROUP BY symbol
) AS l ON l.symbol = w.symbol
ORDER BY w.symbol
"""
