"""The registry of trained models: versions, who is live, what they were made of and how they did."""
