"""The look of the back office."""

from __future__ import annotations

from typing import Any

from django.urls import reverse_lazy


def _item(title: str, icon: str, model: str) -> dict[str, Any]:
    """One line of the side bar; shown to those who may look at the model."""
    app, name = model.split(".")

    def may_look(request: Any) -> bool:
        return bool(request.user.has_perm(f"{app}.view_{name}"))

    link = reverse_lazy(f"admin:{app}_{name}_changelist")
    return {"title": title, "icon": icon, "link": link, "permission": may_look}


def _group(title: str, *items: tuple[str, str, str], closed: bool = False) -> dict[str, Any]:
    return {
        "title": title,
        "separator": True,
        "collapsible": closed,
        "items": [_item(*item) for item in items],
    }


# In the order of the day's work, not of the alphabet; what is rare is a click further down.
NAVIGATION = [
    _group(
        "Needs attention",
        ("Exception cases", "error", "attention.exceptioncase"),
        ("Imports", "upload_file", "feeds.import"),
        ("Quarantine", "frame_inspect", "feeds.quarantinedrow"),
        ("Jobs", "progress_activity", "jobs.job"),
    ),
    _group(
        "Stock",
        ("Balances", "inventory_2", "inventory.balance"),
        ("Movements", "swap_horiz", "inventory.movement"),
        ("Reservations", "bookmark", "inventory.reservation"),
        ("Lots", "qr_code_2", "inventory.lot"),
        ("Handling units", "package_2", "inventory.handlingunit"),
    ),
    _group(
        "Buying",
        ("Purchase orders", "shopping_cart", "purchasing.purchaseorder"),
        ("Receipts", "fact_check", "purchasing.receipt"),
    ),
    _group(
        "Selling",
        ("Sales orders", "receipt_long", "sales.salesorder"),
        ("Returns", "assignment_return", "sales.returnorder"),
        ("Shipments", "local_shipping", "shipping.shipment"),
    ),
    _group(
        "Masters",
        ("Products", "category", "catalog.product"),
        ("Variants", "sell", "catalog.variant"),
        ("Partners", "handshake", "partners.partner"),
        ("Locations", "location_on", "locations.location"),
        ("Sites", "domain", "organisation.site"),
    ),
    _group(
        "People",
        ("Users", "person", "accounts.user"),
        ("API keys", "key", "accounts.apikey"),
    ),
    _group(
        "Records",
        ("Events", "event_note", "eventstore.event"),
        ("History", "history", "kernel.history"),
    ),
]

UNFOLD = {
    "SITE_TITLE": "Lodestock",
    "SITE_HEADER": "Lodestock",
    "SITE_SUBHEADER": "Back office",
    "SITE_SYMBOL": "warehouse",
    "SITE_URL": "/",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": {
        "primary": {
            "50": "240 253 250",
            "100": "204 251 241",
            "200": "153 246 228",
            "300": "94 234 212",
            "400": "45 212 191",
            "500": "20 184 166",
            "600": "13 148 136",
            "700": "15 118 110",
            "800": "17 94 89",
            "900": "19 78 74",
            "950": "4 47 46",
        },
    },
    "SIDEBAR": {"show_search": True, "show_all_applications": True, "navigation": NAVIGATION},
}
