"""Help for tests of every room. Nothing here is imported by the program."""
