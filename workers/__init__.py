"""Processes that do what was asked for: the worker, its children, the scheduler."""
