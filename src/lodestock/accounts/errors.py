"""What this room refuses."""

from __future__ import annotations

from lodestock.kernel.errors import Conflict, Forbidden, InvalidInput


class WrongPassword(InvalidInput):
    """The present password was not given correctly."""

    code = "wrong_password"
    title = "The present password is wrong"


class WeakPassword(InvalidInput):
    """The new password breaks the password policy."""

    code = "weak_password"
    title = "The password is too weak"


class UnknownRole(InvalidInput):
    """There is no role with that name."""

    code = "unknown_role"
    title = "There is no such role"


class UnknownScopeKind(InvalidInput):
    """No room has registered that kind of scope."""

    code = "unknown_scope_kind"
    title = "There is no such kind of scope"


class CannotRaiseOwnRights(Forbidden):
    """Nobody gives themselves, or a key of theirs, more than they have."""

    code = "cannot_raise_own_rights"


class LastAdministrator(Conflict):
    """Somebody must remain who can let others in."""

    code = "last_administrator"
    title = "This is the last administrator"
