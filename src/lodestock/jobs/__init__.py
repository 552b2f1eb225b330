"""Work in the background: a row is the truth, a queue message is only a hint."""
