"""What stands over all categories: their actions in one order, and the household at a glance."""
