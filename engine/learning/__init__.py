"""What all trained models share: how they are fitted, judged beside a rule, and let in."""
