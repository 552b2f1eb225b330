"""What ``/stock/summary`` is asked, and its totals page by page."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from lodestock.inventory import selectors
from lodestock.kernel.api.pagination import MAX_PAGE_SIZE
from lodestock.kernel.errors import InvalidInput
from lodestock.kernel.principals import EVERYWHERE, Principal
from lodestock.locations.selectors import subtree

from . import named

SCOPES = ("network", "warehouse")
PARAMETERS = [
    OpenApiParameter("scope", str, enum=SCOPES),
    OpenApiParameter("level", str, enum=selectors.LEVELS),
    OpenApiParameter("item", str, description="One article."),
    OpenApiParameter("under", str, description="Only in this place and below it."),
    OpenApiParameter("cursor", str, description="Where to go on; taken from `next`."),
    OpenApiParameter("page_size", int, description=f"Totals a page, 1 to {MAX_PAGE_SIZE}."),
]
KNOWN = {parameter.name for parameter in PARAMETERS}


def page_of_totals(request: Request, principal: Principal) -> dict[str, Any]:
    """The totals asked for and the address of the next page, if there is one."""
    size = _page_size(request.query_params.get("page_size", ""))
    rows = selectors.stock_summary(**_choice(request, principal), limit=size + 1)
    following = None
    if len(rows) > size:
        last = rows[size - 1]
        here = request.build_absolute_uri()
        following = replace_query_param(here, "cursor", _cursor(last.path, last.sku))
    return {"next": following, "results": rows[:size]}


def _choice(request: Request, principal: Principal) -> dict[str, Any]:
    given = request.query_params
    unknown = set(given) - KNOWN
    scope = given.get("scope", "network")
    if unknown or scope not in SCOPES:
        wrong = min(unknown) if unknown else "scope"
        raise InvalidInput(
            f"{wrong[:40]}={given.get(wrong, '')[:40]!r} is not understood; scope is network or"
            " warehouse, level a kind of place, item and under are ids.",
            field=wrong[:40],
        )
    level = given.get("level") or ("warehouse" if scope == "warehouse" else None)
    after = _after(given.get("cursor", ""), by_place=bool(level))
    choice: dict[str, Any] = {"level": level, "after": after}
    if given.get("item"):
        choice["variant_ids"] = [named.item(given["item"], field="item")]
    return choice | _places(given.get("under", ""), principal)


def _places(under: str, principal: Principal) -> dict[str, Any]:
    inside = subtree(named.place(under, principal, field="under")) if under else None
    allowed = selectors.places_within(principal)
    if allowed is EVERYWHERE:
        return {} if inside is None else {"under": inside}
    own = set(allowed.values_list("pk", flat=True))
    return {"under": sorted(own if inside is None else own & set(inside))}


def _page_size(text: str) -> int:
    if not text:
        return MAX_PAGE_SIZE
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:9]) <= MAX_PAGE_SIZE:
        raise InvalidInput(
            f"page_size is {text[:20]!r}; possible are 1 to {MAX_PAGE_SIZE}.", field="page_size"
        )
    return int(text)


def _cursor(path: str | None, sku: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([path, sku]).encode()).decode().rstrip("=")


def _after(cursor: str, *, by_place: bool) -> tuple[str | None, str] | None:
    if not cursor:
        return None
    try:
        path, sku = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        sound = isinstance(sku, str) and isinstance(path, str if by_place else type(None))
        if not sound or "\0" in f"{path}{sku}":
            raise ValueError(cursor)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise InvalidInput(
            "This cursor does not belong to this summary: start again without one.", field="cursor"
        ) from None
    return path, sku
