"""Roles and their permissions, brought up to date after every migrate.

Each room declares in its ``permissions`` module what its roles may do. A grant is made once, when
it first appears there; what an administrator takes away or adds later stays as they left it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from .models import SeededGrant
from .permissions import SEEN_BELOW
from .types import INTERNAL, Role


def sync_room(config: AppConfig) -> None:
    """Create the roles, the room's permissions, and the grants that were never made before."""
    declared = declared_grants(config)
    groups = {role: Group.objects.get_or_create(name=role.value)[0] for role in Role}
    known = set(SeededGrant.objects.values_list("role", "permission"))
    fresh = [pair for pair in sorted(declared) if pair not in known]
    for role, name in fresh:
        permission = ensure_permission(name)
        if permission is not None:
            groups[Role(role)].permissions.add(permission)
            SeededGrant.objects.create(role=role, permission=name)


def declared_grants(config: AppConfig) -> set[tuple[str, str]]:
    """Every (role, permission) a room asks for: what it declares, and looking for its viewers."""
    module = _permissions_of(config)
    default = SEEN_BELOW.get(config.label, INTERNAL)
    seen_by: Iterable[Role] = getattr(module, "SEEN_BY", default)
    grants = {(role.value, f"{config.label}.view_{m}") for role in seen_by for m in _models(config)}
    for role, permissions in getattr(module, "GRANTS", {}).items():
        grants |= {(role.value, permission) for permission in permissions}
    grants |= {(Role.FACTORY_ADMIN.value, permission) for _, permission in grants}
    grants |= {(Role.FACTORY_ADMIN.value, name) for name in _standard(config)}
    return grants


def ensure_permission(name: str) -> Permission | None:
    """The row for ``purchasing.submit_purchaseorder``, made if a room has just declared it.

    ``None`` when no model of that room ends the name (the room is not there yet).
    """
    room, _, codename = name.partition(".")
    found = Permission.objects.filter(content_type__app_label=room, codename=codename).first()
    if found is not None:
        return found
    model = _model_named(room, codename)
    if model is None:
        return None
    words = codename.removesuffix(f"_{model._meta.model_name}").replace("_", " ")
    return Permission.objects.create(
        content_type=ContentType.objects.get_for_model(model),
        codename=codename,
        name=f"Can {words} {model._meta.verbose_name}"[:255],
    )


def _permissions_of(config: AppConfig) -> Any:
    name = f"{config.name}.permissions"
    return import_module(name) if find_spec(name) else None


def _models(config: AppConfig) -> Iterator[str]:
    for model in config.get_models():
        yield str(model._meta.model_name)


def _standard(config: AppConfig) -> Iterator[str]:
    for model in config.get_models():
        for verb in model._meta.default_permissions:
            yield f"{config.label}.{verb}_{model._meta.model_name}"


def _model_named(room: str, codename: str) -> Any:
    if room not in {config.label for config in apps.get_app_configs()}:
        return None
    ending = codename.rpartition("_")[2]
    for model in apps.get_app_config(room).get_models():
        if model._meta.model_name == ending:
            return model
    return None
