"""What a household should hold and which trades get it there: estimation, target, program, directions, whole shares."""
