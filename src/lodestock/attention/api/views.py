"""The list of what needs attention, and the steps of a case."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from lodestock.attention import selectors, services
from lodestock.attention.models import ExceptionCase
from lodestock.kernel.api.serializers import NoBody
from lodestock.kernel.api.verbs import verb
from lodestock.kernel.api.viewsets import DocumentViewSet
from lodestock.kernel.principals import Principal

from .filters import ExceptionCaseFilterSet
from .serializers import AssignBody, ExceptionCaseSerializer, ResolveBody


class ExceptionCaseViewSet(DocumentViewSet[ExceptionCase]):
    """Cases that rules have opened; people acknowledge, take and close them."""

    model = ExceptionCase
    serializer_class = ExceptionCaseSerializer
    filterset_class = ExceptionCaseFilterSet
    ordering_fields = ("first_seen", "last_seen", "severity", "status", "count", "created_at")
    ordering = ("-last_seen",)
    search_fields = ("title", "rule")

    def visible_to(self, principal: Principal) -> QuerySet[ExceptionCase]:
        return selectors.visible_to(principal)

    @verb(NoBody)
    def acknowledge(self, case: ExceptionCase, data: Any) -> ExceptionCase:
        """Say that it was seen."""
        return services.acknowledge_case(case)

    @verb(NoBody)
    def start(self, case: ExceptionCase, data: Any) -> ExceptionCase:
        """Say that somebody works on it."""
        return services.start_case(case)

    @verb(AssignBody)
    def assign(self, case: ExceptionCase, data: Any) -> ExceptionCase:
        """Make a person responsible."""
        return services.assign_case(case, owner_id=data["owner"])

    @verb(ResolveBody)
    def resolve(self, case: ExceptionCase, data: Any) -> ExceptionCase:
        """Close it."""
        return services.resolve_case(case, **data)
