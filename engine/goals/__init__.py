"""The mathematics of goals: functions over columns, one row a goal, answered from tables of simulated markets."""
