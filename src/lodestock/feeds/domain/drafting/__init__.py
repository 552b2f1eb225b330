"""A first contract for a file nobody has described yet: what can be seen, and what to check."""

from lodestock.feeds.domain.drafting.drafting import Draft, Wishes, draft

__all__ = ["Draft", "Wishes", "draft"]
