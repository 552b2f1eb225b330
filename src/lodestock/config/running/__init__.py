"""Keeping the processes of one installation running, and ending them all together."""
