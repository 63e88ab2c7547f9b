"""How far the users of today are from those that a model was trained on."""
