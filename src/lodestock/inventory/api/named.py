"""What a question about stock names must exist: nothing there is not the same as no such thing."""

from __future__ import annotations

from lodestock.catalog.selectors import variant_facts, variants_by_sku
from lodestock.inventory.selectors import places_within
from lodestock.kernel import ids
from lodestock.kernel.errors import InvalidInput, NotFound
from lodestock.kernel.principals import EVERYWHERE, Principal
from lodestock.locations.selectors import location_facts


def item(sqid: str, *, field: str) -> int:
    """The key of the article a query parameter names; ``InvalidInput`` for an unknown one."""
    key = _key("catalog.variant", sqid)
    if key is None or not variant_facts([key]):
        raise InvalidInput(
            f"{field}: there is no article with the id {sqid[:40]!r}; find it in"
            " /api/v1/variants?search=…, or ask by sku.",
            field=field,
        )
    return key


def sku(text: str) -> None:
    """Raise ``InvalidInput`` unless an article has this SKU."""
    if not variants_by_sku([text]):
        raise InvalidInput(
            f"sku: there is no article {text[:60]!r}; find it in /api/v1/variants?search=….",
            field="sku",
        )


def place(sqid: str, principal: Principal, *, field: str) -> int:
    """The key of the place a query parameter names, as far as ``principal`` may look.

    Raises ``InvalidInput`` for an unknown one, and in the same words for one they may not see.
    """
    key = _key("locations.location", sqid)
    if key is None or not _may_look(key, principal):
        raise InvalidInput(
            f"{field}: there is no place with the id {sqid[:40]!r} among yours; find it in"
            " /api/v1/locations?search=….",
            field=field,
        )
    return key


def _key(label: str, sqid: str) -> int | None:
    try:
        return ids.decode(label, sqid)
    except NotFound:
        return None


def _may_look(key: int, principal: Principal) -> bool:
    places = places_within(principal)
    if places is EVERYWHERE:
        return bool(location_facts([key]))
    return bool(places.filter(pk=key).exists())
