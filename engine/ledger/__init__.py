"""Promises that can be judged later: what is told, what counts as kept, and the score."""
