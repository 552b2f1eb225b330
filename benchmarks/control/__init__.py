"""The control: the same posting as most programs write it, straight from the ORM's handbook."""
