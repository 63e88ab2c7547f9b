"""Models of risk tolerance: pure estimators over columns, judged by `python -m benchmarks.risk.surveys`."""
