"""Settings by topic; base.py collects them."""
