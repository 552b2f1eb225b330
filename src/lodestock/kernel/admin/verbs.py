"""Masters whose rules and events are in services: their forms save through these.

``changed`` are the cleaned values of the fields that were edited, by their name in the form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db import models
from django.db.transaction import set_rollback
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.admin import TabularInline

from lodestock.kernel.context import acting
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import LodestockError

from .base import RecordAdmin

Values = dict[str, Any]


class VerbForm(forms.ModelForm):
    """Asks the services in a savepoint that is taken back, so that a refusal stands beside its
    field, and what is saved afterwards has been allowed before.
    """

    ask: ClassVar[Callable[[forms.ModelForm], Any]]

    def clean(self) -> Any:
        """What is unique is for the services to judge, which bring the values into shape first."""
        return self.cleaned_data

    def _get_validation_exclusions(self) -> set[str]:
        """So is what the constraints say."""
        return {field.name for field in self.instance._meta.fields}

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        try:
            with _taken_back():
                type(self).ask(self)
        except LodestockError as error:
            field = error.field if error.field in self.fields else None
            self.add_error(field, error.detail)


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction():
        yield
        set_rollback(True)


class VerbAdmin(RecordAdmin):
    """A room says here which of its services make, change, retire and restore a row."""

    form = VerbForm

    def make(self, values: Values) -> Any:
        """Create the row; the values of all fields."""
        raise NotImplementedError

    def edit(self, row: Any, changed: Values) -> None:
        """Change the row; only what was edited, ``active`` aside."""
        raise NotImplementedError

    def retire(self, row: Any) -> None:
        """Deactivate the row."""
        with transaction():
            row.deactivate()

    def restore(self, row: Any) -> None:
        """Undo :meth:`retire`."""
        with transaction():
            row.restore()

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        made = super().get_form(request, obj, change=change, **kwargs)
        made.ask = lambda form: self._write(request, form)
        return made

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nothing is retired while it is made."""
        hidden = tuple(super().get_exclude(request, obj) or ())
        return hidden if obj is not None else (*hidden, "active")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        row = self._write(request, form)
        obj.pk = row.pk
        obj._state.adding = False

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with self._signed(request):
            self.retire(obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        with self._signed(request), transaction():
            for row in queryset.order_by("pk"):
                self.retire(row)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Only the rows themselves: they are retired, and what refers to them stays."""
        rows: Sequence[Any] = list(objs)
        names = [f"{row._meta.verbose_name}: {row}" for row in rows]
        return names, {self.opts.verbose_name_plural: len(rows)}, set(), []

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        asked = super().delete_view
        return self._told(request, lambda: asked(request, object_id, extra_context))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        listed = super().changelist_view
        if request.method != "POST":
            return listed(request, extra_context)
        return self._told(request, lambda: listed(request, extra_context))

    def _write(self, request: HttpRequest, form: Any) -> Any:
        row, values = form.instance, dict(form.cleaned_data)
        with self._signed(request), transaction():
            if row._state.adding:
                return self.make(values)
            changed = {name: values[name] for name in form.changed_data if name in values}
            active = changed.pop("active", None)
            if active:
                self.restore(row)
            if changed:
                self.edit(row, changed)
            if active is False:
                self.retire(row)
        return row

    def _told(self, request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
        """A refusal as a message; nothing was written."""
        try:
            with transaction():
                return view()
        except LodestockError as error:
            messages.error(request, error.detail)
            return HttpResponseRedirect(request.path.removesuffix("delete/"))

    @staticmethod
    def _signed(request: HttpRequest) -> Any:
        return acting(actor_id=request.user.pk, reason="back office")


class ReadOnlyInline(TabularInline):
    """Shown with its parent, changed by its own verbs."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
