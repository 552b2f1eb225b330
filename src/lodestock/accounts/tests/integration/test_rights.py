"""Roles, scopes and what follows from them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lodestock.accounts import services
from lodestock.accounts.errors import LastAdministrator, UnknownRole, UnknownScopeKind, WeakPassword
from lodestock.accounts.models import SeededGrant, User
from lodestock.accounts.principals import UserPrincipal
from lodestock.accounts.roles import sync_room
from lodestock.accounts.tests.factories import a_superuser, a_user
from lodestock.accounts.types import Role
from lodestock.kernel.context import acting
from lodestock.kernel.models import History
from lodestock.kernel.principals import EVERYWHERE, limit_to_scope
from lodestock.organisation.models import Department
from lodestock.organisation.tests.factories import make_departments

pytestmark = pytest.mark.django_db


@pytest.fixture
def departments() -> list[Department]:
    make_departments(3)
    return list(Department.objects.order_by("code"))


def test_every_role_is_a_group_with_exactly_that_name():
    assert set(Group.objects.values_list("name", flat=True)) >= {role.value for role in Role}


def test_one_query_loads_all_rights():
    principal = UserPrincipal(a_user("anna", Role.STOCK_KEEPER))
    with CaptureQueriesContext(connection) as captured:
        principal.may("organisation.view_site", department=None)
        principal.within("department")
        principal.may("organisation.add_site")
    assert len(captured) == 1


def test_an_operator_works_in_their_own_department_only(departments):
    own, other, _ = departments
    principal = UserPrincipal(a_user("olga", Role.OPERATOR, department=own))
    assert principal.within("department") == {own.pk}
    assert principal.may("organisation.view_department", department=own.pk)
    assert not principal.may("organisation.view_department", department=other.pk)
    assert principal.may("organisation.view_department", department=None)


def test_a_grant_opens_another_department_until_it_is_taken_back(departments):
    own, other, _ = departments
    user = a_user("olga", Role.OPERATOR, department=own)
    grant = services.grant_scope(user=user, kind="department", object_id=other.pk)
    assert UserPrincipal(user).within("department") == {own.pk, other.pk}
    services.revoke_scope(grant=grant)
    assert UserPrincipal(user).within("department") == {own.pk}
    services.grant_scope(user=user, kind="department", object_id=other.pk)
    assert UserPrincipal(user).within("department") == {own.pk, other.pk}


def test_some_roles_work_everywhere():
    for role in (Role.FACTORY_ADMIN, Role.FORKLIFT_DRIVER, Role.AUDITOR):
        assert UserPrincipal(a_user(role.name, role)).within("department") is EVERYWHERE


def test_rows_outside_of_the_scope_are_not_selected(departments):
    own = departments[0]
    principal = UserPrincipal(a_user("olga", Role.OPERATOR, department=own))
    seen = limit_to_scope(Department.objects.all(), principal, {"department": "id"})
    assert list(seen) == [own]


def test_a_kind_of_scope_nobody_registered_is_refused():
    with pytest.raises(UnknownScopeKind, match="known are: department"):
        services.grant_scope(user=a_user(), kind="planet", object_id=1)


def test_an_unknown_role_is_refused_by_name():
    with pytest.raises(UnknownRole, match="Wizard"):
        services.create_user(username="merlin", roles=["Wizard"])
    assert not User.objects.filter(username="merlin").exists()


def test_a_weak_password_is_refused():
    with pytest.raises(WeakPassword):
        services.create_user(username="anna", password="password")


def test_the_last_superuser_cannot_be_closed():
    root = a_superuser()
    with pytest.raises(LastAdministrator):
        services.deactivate_user(user=root)
    second = a_superuser("second")
    services.deactivate_user(user=root)
    assert not User.objects.get(pk=root.pk).is_active
    assert second.active


def test_two_names_that_differ_in_case_only_are_one():
    a_user("anna")
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("Anna", "other@example.com", "x")


def test_a_change_of_roles_is_in_the_history_with_who_and_why():
    user = a_user("anna", Role.PICKER)
    with acting(actor_id=user.pk, reason="promoted"):
        services.set_roles(user=user, roles=[Role.STOCK_KEEPER])
    rows = History.objects.filter(table_name="accounts_user_groups").order_by("-id")[:2]
    assert {row.operation for row in rows} == {"create", "delete"}
    assert {row.reason for row in rows} == {"promoted"}
    assert {row.actor_id for row in rows} == {user.pk}


def test_the_history_of_a_user_never_holds_the_password():
    user = a_user("anna")
    services.set_password(user=user, password="another long phrase")
    assert not [row for row in user.history() if "password" in row.changes]


def test_what_an_administrator_took_away_stays_away():
    from django.apps import apps

    group = Group.objects.get(name=Role.VIEW_ONLY.value)
    permission = group.permissions.get(codename="view_site")
    group.permissions.remove(permission)
    sync_room(apps.get_app_config("organisation"))
    assert permission not in group.permissions.all()


def test_a_newly_declared_grant_is_made():
    from django.apps import apps

    group = Group.objects.get(name=Role.VIEW_ONLY.value)
    group.permissions.clear()
    SeededGrant.objects.filter(role=Role.VIEW_ONLY.value).delete()
    sync_room(apps.get_app_config("organisation"))
    assert group.permissions.filter(codename="view_site").exists()


def test_createsuperuser_works(capsys):
    call_command("createsuperuser", username="boss", email="boss@example.com", interactive=False)
    assert User.objects.get_by_natural_key("BOSS").is_superuser
