"""``@verb``: a document's step as ``POST /resource/{sqid}/step``, in five lines.

@verb(ReasonBody)
def cancel(self, order, data):
    return services.cancel_order(order=order, **data)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status as http
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from lodestock.kernel.db import transaction

from .serializers import NoBody

Body = type[BaseSerializer[Any]]


def verb(
    body: Body = NoBody,
    *,
    answers: Body | None = None,
    path: str = "",
    status: int = http.HTTP_200_OK,
    many: bool = False,
    detail: bool = True,
) -> Callable[[Callable[..., Any]], Any]:
    """Make a viewset method a verb.

    The method gets the visible row and the validated ``body`` (with ``detail=False`` only the
    body), calls one service and returns what ``answers`` shows; without ``answers`` the row
    itself is answered, read again. The permission is ``<room>.<method>_<model>`` unless
    ``permissions`` of the viewset says otherwise.
    """

    def decorate(method: Callable[..., Any]) -> Any:
        @wraps(method)
        def handle(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
            target = (view.get_object(),) if detail else ()
            given = body(data=request.data, context=view.get_serializer_context())
            given.is_valid(raise_exception=True)
            with transaction():
                result = method(view, *target, given.validated_data)
                return _answer(view, target, result)

        def _answer(view: Any, target: tuple[Any, ...], result: Any) -> Response:
            if answers is None:
                answer: Response = view.answer(result or target[0], status_code=status)
                return answer
            shown = answers(result, many=many, context=view.get_serializer_context())
            return Response(shown.data, status=status)

        described = (
            extend_schema(
                request=body,
                responses={status: answers(many=many) if answers and many else answers},
            )
            if answers
            else extend_schema(request=body)
        )
        return action(
            detail=detail,
            methods=["post"],
            url_path=path or method.__name__.replace("_", "-"),
            url_name=path or method.__name__.replace("_", "-"),
            pagination_class=None,
            filter_backends=(),
        )(described(handle))

    return decorate
