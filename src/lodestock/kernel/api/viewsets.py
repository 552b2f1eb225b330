"""Lists and rows over HTTP. A room's viewset says what is visible; the rest is here."""

from __future__ import annotations

from typing import Any, ClassVar, Generic, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from lodestock.kernel import ids
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Forbidden, NotFound
from lodestock.kernel.models import Record
from lodestock.kernel.principals import Principal

from .filters import StrictFilterBackend, StrictOrderingFilter, StrictSearchFilter
from .history import HistoryEntrySerializer, HistoryPagination, entries
from .pagination import KeysetPagination
from .permissions import STANDARD
from .views import ApiMixin

M = TypeVar("M", bound=models.Model)


def own_row(rows: models.QuerySet[M], key: int) -> M:
    """The row just written, among those its writer sees. Raises :class:`Forbidden`."""
    try:
        return rows.get(pk=key)
    except ObjectDoesNotExist:
        raise Forbidden(
            f"The {rows.model._meta.verbose_name} would lie outside of the departments, warehouses"
            " and partners you work with: choose others, or ask an administrator for a grant."
        ) from None


class BaseViewSet(ApiMixin, GenericViewSet[M], Generic[M]):
    """Subclasses set ``model``, ``serializer_class``, ``filterset_class``, ``ordering_fields``,
    ``search_fields``, ``ordering`` and define :meth:`visible_to`.
    """

    model: type[M]
    lookup_field = "sqid"
    lookup_value_regex = "[0-9A-Za-z]+"
    pagination_class: Any = KeysetPagination
    filter_backends: Any = (StrictFilterBackend, StrictSearchFilter, StrictOrderingFilter)
    filterset_class: Any = None
    ordering_fields: Any = ()
    search_fields: Any = ()
    ordering: Any = ("-id",)
    http_method_names: Any = ("get", "post", "patch", "delete", "head", "options")
    #: Other serializers by action, e.g. ``{"list": OrderRowSerializer}``.
    serializers: ClassVar[dict[str, type[BaseSerializer[Any]]]] = {}
    #: Other serializers by API version and action, where a later version differs.
    serializers_by_version: ClassVar[dict[str, dict[str, type[BaseSerializer[Any]]]]] = {}

    def visible_to(self, principal: Principal) -> models.QuerySet[M]:
        """The rows this principal may see, with what the serializer needs joined in."""
        raise NotImplementedError(
            f"{type(self).__name__} needs visible_to(principal): nothing is visible without it."
        )

    def get_queryset(self) -> models.QuerySet[M]:
        if getattr(self, "swagger_fake_view", False):
            return self.model._default_manager.none()
        return self.visible_to(self.principal)

    def get_object(self) -> M:
        """The row of this address, if it is visible, else 404; then its object permission."""
        meta = self.model._meta
        sqid = self.kwargs[self.lookup_field]
        try:
            row = self.get_queryset().get(pk=ids.decode(meta.label_lower, sqid))
        except ObjectDoesNotExist:
            raise NotFound(f"There is no {meta.verbose_name} with the id {sqid!r}.") from None
        self.check_object_permissions(self.request, row)
        return row

    def get_serializer_class(self) -> Any:
        by_version = self.serializers_by_version.get(getattr(self.request, "version", "") or "", {})
        chosen = {**self.serializers, **by_version}
        return chosen.get(self.action or "") or by_version.get("*") or self.serializer_class

    def permission_needed(self) -> str | None:
        """``permissions[action]``, else Django's own (``view_…``) or ``<verb>_<model>``."""
        name = self.action
        if name is None:
            return None
        if name in self.permissions:
            return self.permissions[name]
        meta = self.model._meta
        return f"{meta.app_label}.{STANDARD.get(name, name)}_{meta.model_name}"

    def answer(self, row: Any, *, status_code: int = status.HTTP_200_OK) -> Response:
        """A row as this view shows it, read again through what is visible.

        Called inside the transaction that wrote it: nobody writes what they could not look at, so
        :class:`Forbidden` takes the row back.
        """
        fresh = own_row(self.get_queryset(), row.pk)
        shown = self._shown_by()(fresh, context=self.get_serializer_context())
        headers = (
            {"Location": self._address(fresh)} if status_code == status.HTTP_201_CREATED else {}
        )
        return Response(shown.data, status=status_code, headers=headers)

    def _shown_by(self) -> Any:
        return self.serializers.get("retrieve") or self.serializer_class

    def _address(self, row: Any) -> str:
        address: str = self.reverse_action("detail", kwargs={self.lookup_field: row.sqid})
        return address


class ReadViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, BaseViewSet[M], Generic[M]):
    """Facts, projections, and records that change only by verbs."""


class HistoryMixin:
    """``GET /{sqid}/history`` for records."""

    @action(
        detail=True,
        methods=["get"],
        url_path="history",
        filterset_class=None,
        filter_backends=(),
        pagination_class=HistoryPagination,
    )
    def history(self, request: Request, sqid: str) -> Response:
        """Every change of this row, newest first: who, what, when, why."""
        row = self.get_object()  # type: ignore[attr-defined]
        page = self.paginate_queryset(row.history())  # type: ignore[attr-defined]
        shown = HistoryEntrySerializer(entries(type(row), page), many=True)
        answer: Response = self.get_paginated_response(shown.data)  # type: ignore[attr-defined]
        return answer


class DocumentViewSet(HistoryMixin, ReadViewSet[M], Generic[M]):
    """Documents: read, with history; everything else is a verb (see ``verbs``)."""


class RecordViewSet(DocumentViewSet[M], Generic[M]):
    """Masters: list, read, create, change, deactivate, restore, history.

    Rules belong into services: override :meth:`create_row` and :meth:`change_row` to call them.
    """

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        with transaction():
            row = self.create_row(serializer)
            return self.answer(row, status_code=status.HTTP_201_CREATED)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        serializer = self.get_serializer(row, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        with transaction():
            row = self.change_row(row, serializer)
            return self.answer(row)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Deactivate: hidden from lists; references and history stay."""
        row = self.get_object()
        with transaction():
            self.deactivate_row(row)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @action(detail=True, methods=["post"], url_path="restore")
    def restore(self, request: Request, sqid: str) -> Response:
        """Undo a deactivation."""
        row = self.get_object()
        with transaction():
            self.restore_row(row)
            return self.answer(row)

    def create_row(self, serializer: Any) -> Any:
        """Make the row; called inside the transaction."""
        return serializer.save()

    def change_row(self, row: M, serializer: Any) -> Any:
        """Change the row; called inside the transaction."""
        return serializer.save()

    def deactivate_row(self, row: M) -> None:
        """Soft delete the row; called inside the transaction."""
        assert isinstance(row, Record)
        row.deactivate()

    def restore_row(self, row: M) -> None:
        """Restore the row; called inside the transaction."""
        assert isinstance(row, Record)
        row.restore()
