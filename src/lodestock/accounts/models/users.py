"""People and machines that act."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, PermissionsMixin
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from lodestock.kernel import ids
from lodestock.kernel.errors import NotFound
from lodestock.kernel.fields import EnumField
from lodestock.kernel.models import Record, RecordQuerySet
from lodestock.kernel.models.history import history_triggers


class UserQuerySet(RecordQuerySet["User"]):
    """Also finds by public id, which is what tokens carry."""

    def get(self, *args: Any, **kwargs: Any) -> User:
        sqid = kwargs.pop("sqid", None)
        if sqid is None:
            return super().get(*args, **kwargs)
        try:
            return super().get(*args, pk=ids.decode(self.model._meta.label_lower, sqid), **kwargs)
        except NotFound as error:
            raise self.model.DoesNotExist(error.detail) from None


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Users are found by name without regard to case, so "Anna" cannot pose as "anna"."""

    def get_by_natural_key(self, username: str | None) -> User:
        user: User = self.get(username__iexact=username)
        return user

    def create_user(
        self, username: str, email: str = "", password: str | None = None, **fields: Any
    ) -> User:
        """A user; without a password nobody can sign in as them."""
        if not username:
            raise ValueError("A user needs a username.")
        user: User = self.model(username=username, email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, username: str, email: str = "", password: str | None = None, **fields: Any
    ) -> User:
        """A user whom nothing is refused (``createsuperuser`` comes here)."""
        return self.create_user(
            username, email, password, **(fields | {"is_staff": True, "is_superuser": True})
        )


class User(Record, AbstractBaseUser, PermissionsMixin):
    """Somebody who acts: a person, or a machine with API keys only."""

    history_hidden: ClassVar[tuple[str, ...]] = ("password", "last_login")

    username = models.CharField(max_length=80, unique=True, validators=[ASCIIUsernameValidator()])
    email = models.EmailField(blank=True)
    full_name = models.CharField(max_length=120, blank=True)
    kind = EnumField(["person", "machine"], default="person")
    locale = models.CharField(max_length=16, default="en")
    theme = EnumField(["system", "light", "dark"], default="system")
    department = models.ForeignKey(
        "organisation.Department", on_delete=models.PROTECT, null=True, blank=True
    )
    requested_group = models.ForeignKey(
        Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="requested_by"
    )
    is_staff = models.BooleanField("may open the back office", default=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_name_once"),
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="user_email_once"),
        ]
        permissions = [
            ("all_departments", "Can work for every department"),
            ("all_warehouses", "Can work in every warehouse"),
            ("all_partners", "Can see every partner's rows"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    @property
    def is_active(self) -> bool:
        """What Django calls ``active``: a deactivated user cannot sign in."""
        return self.active

    @is_active.setter
    def is_active(self, value: bool) -> None:
        self.active = value

    def get_full_name(self) -> str:
        return self.full_name or self.username

    def get_short_name(self) -> str:
        return self.username


class RoleMembership(User.groups.through):  # type: ignore[name-defined]
    """A user's role; here only to hang the history triggers on Django's own table."""

    class Meta:
        proxy = True
        triggers = history_triggers()


class UserPermission(User.user_permissions.through):  # type: ignore[name-defined]
    """A permission given to one user directly; history as for roles."""

    class Meta:
        proxy = True
        triggers = history_triggers()
