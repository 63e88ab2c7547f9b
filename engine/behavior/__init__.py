"""How a household spends: its course over the months, what comes next, what stands out, and the habits behind it."""
