"""Whether the users of today still are like those that a model was trained on, and what follows from it."""
