"""What every address of the API does before and after its own work."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from rest_framework.request import Request
from rest_framework.views import APIView

from lodestock.kernel.context import acting
from lodestock.kernel.errors import Forbidden
from lodestock.kernel.principals import Principal

from . import idempotency
from .permissions import HoldsPermission, principal_of

REASON_HEADER = "X-Reason"
MAX_REASON = 500


class ApiMixin:
    """Context of the actor, idempotent POST, permission by action. For views and viewsets."""

    permission_classes: Any = (HoldsPermission,)
    #: Permission by action (or method, in lower case, on plain views); overrides the standard ones.
    permissions: ClassVar[dict[str, str]] = {}
    #: Query parameters the view reads itself.
    extra_query_params: tuple[str, ...] = ()
    #: Off for answers that must never be kept, such as tokens.
    keeps_answers: bool = True
    #: Fields of an answer that are shown once and not kept for a repeated request.
    secret_fields: tuple[str, ...] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with ExitStack() as self._context:
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
            return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        principal = principal_of(request)
        if principal is None:
            return
        reason = request.headers.get(REASON_HEADER, "")[:MAX_REASON]
        self._context.enter_context(acting(actor_id=principal.actor_id, reason=reason))
        handler = getattr(self, "post", None)
        if request.method == "POST" and self.keeps_answers and handler is not None:
            setattr(self, "post", partial(self._once, handler, principal.key))  # noqa: B010

    def _once(
        self, handler: Callable[..., Any], key: str, request: Request, *args: Any, **kwargs: Any
    ) -> Any:
        work = partial(handler, request, *args, **kwargs)
        return idempotency.once(request, key, work, secret_fields=self.secret_fields)

    @property
    def principal(self) -> Principal:
        """Who asks. Raises :class:`Forbidden` for an anonymous caller."""
        principal = principal_of(self.request)  # type: ignore[attr-defined]
        if principal is None:
            raise Forbidden("Sign in first.")
        return principal

    def permission_needed(self) -> str | None:
        """The permission of the present action; ``None`` refuses everybody."""
        action = getattr(self, "action", None) or (self.request.method or "").lower()  # type: ignore[attr-defined]
        return self.permissions.get(action)

    def scope_of(self, obj: Any) -> dict[str, int | None]:
        """Where a row belongs, e.g. ``{"department": 3}``; asked before its object permission."""
        return {}

    def knows_query_param(self, name: str) -> bool:
        """For families of parameters such as ``attributes__voltage``."""
        return False


class ApiView(ApiMixin, APIView):
    """An address that is no list of rows. Set ``permissions = {"get": …, "post": …}``."""
