"""Seeing what the program does: one correlation id per chain of work, metrics, health, traces."""
