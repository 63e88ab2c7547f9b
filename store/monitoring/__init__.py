"""What is watched: drift of the inputs, the state of each model, alerts and their delivery."""
