"""What is computed of facts: functions from a batch of users to a column."""
