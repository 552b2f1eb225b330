"""What the partners room refuses."""

from __future__ import annotations

from lodestock.kernel.errors import Conflict, NotFound


class UnknownPartner(NotFound):
    """No partner has this code or key."""

    code = "unknown_partner"
    title = "There is no such partner"


class UnknownTerms(NotFound):
    """No terms of payment have this code."""

    code = "unknown_payment_terms"
    title = "There are no such terms of payment"


class Duplicate(Conflict):
    """A code or GLN is already taken."""

    code = "duplicate"
    title = "This exists already"


class Inactive(Conflict):
    """The partner was deactivated; it can be restored."""

    code = "inactive"
    title = "The partner is not active"


class WrongRole(Conflict):
    """The partner does not play the role this needs."""

    code = "wrong_role"
    title = "The partner has another role"


class LastContact(Conflict):
    """A supplier keeps at least one contact."""

    code = "last_contact"
    title = "This is the only contact"
