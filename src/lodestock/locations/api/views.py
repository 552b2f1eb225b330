"""Locations over HTTP, within the departments and warehouses a principal works in."""

from __future__ import annotations

from typing import Any

from django.db import models

from lodestock.kernel.api.serializers import ReasonBody
from lodestock.kernel.api.verbs import verb
from lodestock.kernel.api.viewsets import RecordViewSet
from lodestock.kernel.context import current
from lodestock.kernel.principals import Principal
from lodestock.locations import selectors, services
from lodestock.locations.models import Location

from . import filters, serializers


class LocationViewSet(RecordViewSet[Location]):
    """Where goods are: sites, warehouses, zones, aisles, racks, bins, docks; and virtual places."""

    model = Location
    serializer_class = serializers.LocationSerializer
    filterset_class = filters.LocationFilterSet
    ordering_fields = ("path", "code", "pick_sequence", "created_at", "updated_at")
    ordering = ("path",)
    search_fields = ("path", "name", "gln")
    permissions = {
        "close": "locations.close_location",
        "reopen": "locations.close_location",
        "move": "locations.change_location",
        "generate": "locations.add_location",
        "create_virtual": "locations.add_location",
    }

    def visible_to(self, principal: Principal) -> models.QuerySet[Location]:
        return selectors.visible_places(principal)

    def scope_of(self, obj: Location) -> dict[str, int | None]:
        return {"department": obj.department_id}

    def create_row(self, serializer: Any) -> Location:
        fields = _keys(serializer.validated_data)
        return services.create_location(**fields)

    def change_row(self, row: Location, serializer: Any) -> Location:
        fields = _keys(serializer.validated_data)
        for name in ("site_id", "kind"):
            if fields.pop(name, getattr(row, name)) != getattr(row, name):
                raise services.stays_as_it_is(row)
        if "parent_id" in fields or "code" in fields:
            services.move_location(
                location_id=row.pk,
                parent_id=fields.pop("parent_id", row.parent_id),
                code=fields.pop("code", None),
            )
        return services.change_location(location_id=row.pk, **fields)

    def deactivate_row(self, row: Location) -> None:
        services.deactivate_location(location_id=row.pk, reason=current().reason)

    def restore_row(self, row: Location) -> None:
        services.restore_location(location_id=row.pk)

    @verb(ReasonBody)
    def close(self, location: Location, data: dict[str, Any]) -> Location:
        """Close the place and everything in it: no goods in, none out."""
        return services.close_location(location_id=location.pk, **data)

    @verb(ReasonBody)
    def reopen(self, location: Location, data: dict[str, Any]) -> Location:
        """Open the place and everything in it again."""
        return services.reopen_location(location_id=location.pk, **data)

    @verb(serializers.MoveBody)
    def move(self, location: Location, data: dict[str, Any]) -> Location:
        """Put the place with everything in it somewhere else at its site."""
        parent = data.pop("parent")
        parent_id = parent.pk if parent else None
        return services.move_location(location_id=location.pk, parent_id=parent_id, **data)

    @verb(serializers.GenerateBody, answers=serializers.GeneratedSerializer)
    def generate(self, location: Location, data: dict[str, Any]) -> dict[str, int]:
        """Create the places of a pattern in this one; those that are there stay as they are."""
        made = services.generate_locations(parent_id=location.pk, **data)
        return {"created": len(made.created), "existing": len(made.unchanged)}

    @verb(serializers.VirtualBody, path="virtual", detail=False, status=201)
    def create_virtual(self, data: dict[str, Any]) -> Location:
        """Give a site a virtual location of its own."""
        return services.create_virtual_location(kind=data["kind"], site_id=data["site"])


def _keys(data: dict[str, Any]) -> dict[str, Any]:
    """Rows in ``data`` as the keys that services take."""
    fields = dict(data)
    for name in ("site", "parent", "department"):
        if name in fields:
            row = fields.pop(name)
            fields[f"{name}_id"] = row.pk if row else None
    return fields
