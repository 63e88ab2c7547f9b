"""What a household will put aside over the following year, learned from what it did in the months before."""
