"""What the commands do; how they are called and what they print is in server/cli/."""
