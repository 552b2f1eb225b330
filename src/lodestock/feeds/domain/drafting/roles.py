"""What a heading usually means: the words people write above their columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

#: Role → headings, in several languages. A role is also the name of its column in the contract.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "sku": (
        *("sku", "item", "item no", "item number", "item code", "article", "article no", "art no"),
        *("article number", "part", "part no", "part number", "product code", "code", "material"),
        *("material number", "stock code", "stockcode", "artikel", "artikelnr", "artikel nr"),
        *(
            "artikelnummer",
            "art nr",
            "artnr",
            "teilenummer",
            "materialnummer",
            "reference",
            "ref",
            "codigo",
        ),
    ),
    "name": (
        *("name", "description", "item name", "item description", "product", "product name"),
        *("article name", "title", "material description", "bezeichnung", "artikelbezeichnung"),
        *("beschreibung", "designation", "libelle", "descripcion", "nombre"),
    ),
    "unit": (
        *("unit", "uom", "unit of measure", "units", "um", "einheit", "mengeneinheit", "me"),
        *("unite", "unidad"),
    ),
    "location": (
        *("location", "bin", "shelf", "place", "storage location", "storage bin", "rack"),
        *("bin location", "stored at", "lagerplatz", "lagerort", "platz", "regal", "fach"),
        *("emplacement", "ubicacion", "where"),
    ),
    "quantity": (
        *("quantity", "qty", "stock", "on hand", "in stock", "stock on hand", "soh", "stock qty"),
        *("qty on hand", "quantity on hand", "opening stock", "current stock", "count", "pieces"),
        *("quantity in kg", "bestand", "lagerbestand", "menge", "anzahl", "quantite", "cantidad"),
        *("existencias",),
    ),
    "cost": (
        *("cost", "unit cost", "cost price", "purchase price", "buying price", "price"),
        *("unit price", "einkaufspreis", "ek", "ek preis", "preis", "prix", "prix d achat"),
        *("precio", "coste"),
    ),
}
#: Words people write for units → codes of ours. Packs stay packs: what one holds is another fact.
UNIT_WORDS: Mapping[str, str] = {
    **dict.fromkeys(
        ("each", "ea", "pc", "pcs", "pce", "piece", "pieces", "unit", "units", "st", "stk"), "each"
    ),
    **dict.fromkeys(("stck", "stuck", "stueck", "stuk", "no", "nos", "u", "un", "pza"), "each"),
    **dict.fromkeys(("kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "kilogramm"), "kg"),
    **dict.fromkeys(("g", "gr", "gram", "grams", "gramm"), "g"),
    **dict.fromkeys(("m", "mtr", "metre", "metres", "meter", "meters"), "m"),
    **dict.fromkeys(("l", "ltr", "litre", "litres", "liter", "liters"), "l"),
    **dict.fromkeys(("ml", "millilitre", "milliliter"), "ml"),
    **dict.fromkeys(("pair", "pairs", "pr", "paar"), "pair"),
    **dict.fromkeys(("dozen", "dz", "doz", "dutzend"), "dozen"),
    **dict.fromkeys(("pack", "packs", "pk", "pkg", "packung"), "pack"),
    **dict.fromkeys(("box", "boxes", "bx"), "box"),
    **dict.fromkeys(("carton", "cartons", "ctn", "karton"), "carton"),
    **dict.fromkeys(("case", "cases", "cs"), "case"),
    **dict.fromkeys(("pallet", "pallets", "plt", "palette"), "pallet"),
    **dict.fromkeys(("roll", "rolls", "rolle", "rollen"), "roll"),
}


def plain(text: str) -> str:
    """Small letters and single spaces, no accents and no marks: ``Art.-Nr.`` is ``art nr``."""
    bare = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()


def role_of(heading: str) -> str:
    """The role a heading is known for, or ''."""
    words = _spellings(heading)
    return next((role for role, known in HEADINGS.items() if words & set(known)), "")


def _spellings(heading: str) -> set[str]:
    """As it stands, and without what is in brackets: ``Qty (pcs)``."""
    return {plain(heading), plain(re.sub(r"\(.*?\)|\[.*?\]", " ", heading))} - {""}


def assign_roles(header: Sequence[str], given: Mapping[str, str]) -> dict[int, str]:
    """Position → role; each role once, what was ``given`` (role → heading) first.

    Of two headings known for one role the one named earlier among its words wins.
    """
    taken = {list(header).index(heading): role for role, heading in given.items()}
    for role, known in HEADINGS.items():
        if role in taken.values():
            continue
        fits = [
            (min(known.index(word) for word in _spellings(heading) & set(known)), place)
            for place, heading in enumerate(header)
            if place not in taken and role_of(heading) == role
        ]
        if fits:
            taken[min(fits)[1]] = role
    return taken


def unit_code(word: str) -> str:
    """The code of the unit a word stands for, or ''."""
    return UNIT_WORDS.get(plain(word), "")
