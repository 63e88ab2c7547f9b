"""Arithmetic over columns of users: no input or output, no clock, no environment."""
