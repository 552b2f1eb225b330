"""The tree of places where stock can be, and the virtual places on the other side."""
