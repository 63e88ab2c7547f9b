"""The Survey of Consumer Finances as households."""
