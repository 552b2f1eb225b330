"""Purchasing's reports over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lodestock.kernel import clock, ids
from lodestock.kernel.api.fields import ExactDecimalField, SqidField
from lodestock.kernel.api.views import ApiView
from lodestock.kernel.errors import InvalidInput
from lodestock.purchasing import permissions, selectors
from lodestock.purchasing.selectors.summary import GROUPS


class PurchaseSummaryRow(serializers.Serializer[Any]):
    """One group of orders. Amounts in ``currency``; orders of two currencies never mix."""

    key = serializers.CharField()
    currency = serializers.CharField()
    orders = serializers.IntegerField()
    lines = serializers.IntegerField()
    value = ExactDecimalField(decimal_places=4)
    open_value = ExactDecimalField(decimal_places=4)


class SupplierPerformanceRow(serializers.Serializer[Any]):
    """One supplier. Shares are fractions as text: ``0.885529`` stands for 88.55 %."""

    supplier = SqidField("partners.partner", source="supplier_id")
    code = serializers.CharField()
    name = serializers.CharField()
    lines = serializers.IntegerField()
    due_lines = serializers.IntegerField()
    on_time_lines = serializers.IntegerField()
    lead_time_lines = serializers.IntegerField()
    lead_time_days_mean = ExactDecimalField(decimal_places=3, allow_null=True)
    lead_time_days_sd = ExactDecimalField(decimal_places=3, allow_null=True)
    on_time_share = ExactDecimalField(decimal_places=6, allow_null=True)
    fill_share = ExactDecimalField(decimal_places=6, allow_null=True)
    quality_share = ExactDecimalField(decimal_places=6, allow_null=True)
    price_variance = ExactDecimalField(decimal_places=6, allow_null=True)


class PurchaseSummaryView(ApiView):
    """How much is ordered, by status, supplier, site or currency."""

    permissions = {"get": permissions.REPORT}
    _known = ("group_by", "status__in", "supplier", "ordered_after", "ordered_before", "source")

    @extend_schema(
        parameters=[OpenApiParameter(name, str) for name in _known],
        responses=PurchaseSummaryRow(many=True),
    )
    def get(self, request: Request) -> Response:
        """Purchase order summary (A-80)."""
        given = _only(request, self._known)
        group_by = given.get("group_by", "status")
        if group_by not in GROUPS:
            raise InvalidInput(
                f"group_by: {group_by[:40]!r} is none of {', '.join(GROUPS)}.", field="group_by"
            )
        rows = selectors.purchase_summary(
            self.principal, group_by=group_by, filters=_conditions(given)
        )
        return Response({"results": PurchaseSummaryRow(rows, many=True).data})


class SupplierPerformanceView(ApiView):
    """How well suppliers deliver: in time, in full, undamaged, at what price."""

    permissions = {"get": permissions.REPORT}
    _known = ("supplier", "after", "before")

    @extend_schema(
        parameters=[OpenApiParameter(name, str) for name in _known],
        responses=SupplierPerformanceRow(many=True),
    )
    def get(self, request: Request) -> Response:
        """Supplier performance (A-81)."""
        given = _only(request, self._known)
        supplier = given.get("supplier")
        rows = selectors.supplier_performance(
            self.principal,
            today=clock.today("UTC"),
            after=_day(given, "after"),
            before=_day(given, "before"),
            supplier_ids=[ids.decode("partners.partner", supplier)] if supplier else None,
        )
        return Response({"results": SupplierPerformanceRow(rows, many=True).data})


def _only(request: Request, known: tuple[str, ...]) -> dict[str, str]:
    for name in request.query_params:
        if name not in known:
            raise InvalidInput(
                f"There is no parameter {name[:60]!r}; known are: {', '.join(known)}.", field=name
            )
    return {name: str(request.query_params[name]) for name in request.query_params}


def _conditions(given: dict[str, str]) -> Q:
    found = Q()
    if "status__in" in given:
        found &= Q(status__in=given["status__in"].split(","))
    if "supplier" in given:
        found &= Q(supplier=ids.decode("partners.partner", given["supplier"]))
    if "source" in given:
        found &= Q(source=given["source"])
    after, before = _day(given, "ordered_after"), _day(given, "ordered_before")
    if after is not None:
        found &= Q(ordered_at__date__gte=after)
    if before is not None:
        found &= Q(ordered_at__date__lt=before)
    return found


def _day(given: dict[str, str], name: str) -> date | None:
    text = given.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            f"{name}: {text[:40]!r} is no day such as 2026-03-29.", field=name
        ) from None
