"""Peers: who a household resembles, how far along such households are, and what those did who reached their goals."""
