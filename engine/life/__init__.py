"""Events of a life: which they are, what may foretell them, and their survival curves."""
