"""Public ids: short, readable, reversible (sqids), one fixed alphabet per model.

The alphabets are checked in and never derived from a secret: a sqid hides nothing, it only
keeps raw keys out of URLs, so object permission is still needed. They leave out vowels and
look-alikes (0 O 1 l I). A decoded id counts only if it encodes back to itself.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache, lru_cache
from pathlib import Path

from sqids import Sqids

from .errors import NotFound

ALPHABETS_FILE = Path(__file__).with_name("sqid_alphabets.json")
LETTERS = "BCDFGHJKLMNPQRSTVWXZbcdfghjkmnpqrstvwxz23456789"
MIN_LENGTH = 6
BLOCKED = frozenset(
    [
        "fck",
        "fuk",
        "fvk",
        "cnt",
        "c2nt",
        "sht",
        "sh7",
        "dck",
        "dckhd",
        "bch",
        "b7ch",
        "b2ch",
        "cck",
        "prn",
        "p2rn",
        "prk",
        "ngr",
        "n6r",
        "n66",
        "fgt",
        "f6t",
        "kkk",
        "wtf",
        "stfu",
        "gfy",
        "nzi",
        "n2z",
        "ssx",
        "sxx",
        "xxx",
        "sx69",
        "69",
        "666",
        "88",
        "kys",
        "dmn",
        "crp",
        "pss",
        "p55",
        "wnk",
        "tts",
        "twt",
        "slt",
        "slg",
        "hll",
        "gdmn",
        "mthr",
        "jzz",
        "fkn",
        "fkd",
        "bstrd",
        "brst",
        "dldo",
        "clt",
        "cm2",
        "rpe",
        "rp3",
        "grp3",
    ]
)


@lru_cache(maxsize=16_384)
def encode(label: str, pk: int) -> str:
    """The public id of row ``pk`` of the model ``label`` (``"catalog.variant"``)."""
    return _codec(label.lower()).encode([pk])


def decode(label: str, sqid: str) -> int:
    """The key behind a public id. Raises :class:`NotFound` for anything not made by encode."""
    codec = _codec(label.lower())
    numbers = codec.decode(sqid) if 0 < len(sqid) <= 32 else []
    if len(numbers) != 1 or numbers[0] > 2**63 - 1 or codec.encode(numbers) != sqid:
        name = label.rpartition(".")[2].lower()
        raise NotFound(f"There is no {name} with the id {sqid[:32]!r}.", id=sqid[:32])
    return numbers[0]


def known_labels() -> frozenset[str]:
    """Model labels that have an alphabet."""
    return frozenset(_alphabets())


def make_alphabet(label: str) -> str:
    """A fixed shuffle of the letters for a new label; written once to the checked-in file."""
    return "".join(
        sorted(LETTERS, key=lambda letter: hashlib.sha256(f"{label}:{letter}".encode()).digest())
    )


@cache
def _alphabets() -> dict[str, str]:
    alphabets: dict[str, str] = json.loads(ALPHABETS_FILE.read_text(encoding="utf-8"))
    return alphabets


@cache
def _codec(label: str) -> Sqids:
    try:
        alphabet = _alphabets()[label]
    except KeyError:
        raise LookupError(
            f"{label} has no sqid alphabet: run 'lodestock make_sqid_alphabets', commit the file."
        ) from None
    return Sqids(alphabet=alphabet, min_length=MIN_LENGTH, blocklist=list(BLOCKED))
