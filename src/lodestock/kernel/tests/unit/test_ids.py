import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.kernel import ids
from lodestock.kernel.errors import NotFound

LABELS = sorted(ids.known_labels())


@given(label=st.sampled_from(LABELS), pk=st.integers(min_value=0, max_value=2**63 - 1))
def test_a_public_id_leads_back_to_its_row(label: str, pk: int) -> None:
    sqid = ids.encode(label, pk)
    assert len(sqid) >= ids.MIN_LENGTH
    assert ids.decode(label, sqid) == pk


@given(text=st.text(max_size=40))
def test_text_that_was_never_issued_is_not_found(text: str) -> None:
    label = LABELS[0]
    try:
        pk = ids.decode(label, text)
    except NotFound:
        return
    assert ids.encode(label, pk) == text


def test_an_alias_of_a_public_id_is_refused() -> None:
    label = LABELS[0]
    codec = ids._codec(label)
    pair = codec.encode([3, 4])
    with pytest.raises(NotFound):
        ids.decode(label, pair)


@pytest.mark.parametrize(
    ("label", "issued"),
    [
        ("accounts.user", ["ChZW8X", "t4bfFN", "dMsb6Q", "GmZtRF"]),
        ("catalog.variant", ["SmnvGd", "rcm72g", "4JFLT8", "dfV7MQ"]),
        ("sales.salesorder", ["BZ8fxT", "jwsx2v", "VzTM5g", "BWG2p8"]),
    ],
)
def test_public_ids_once_issued_never_change(label: str, issued: list[str]) -> None:
    assert [ids.encode(label, pk) for pk in (1, 2, 3, 1_000_000)] == issued


def test_every_alphabet_is_the_same_letters_in_another_order() -> None:
    alphabets = json.loads(ids.ALPHABETS_FILE.read_text())
    assert all(sorted(alphabet) == sorted(ids.LETTERS) for alphabet in alphabets.values())
    assert len(set(alphabets.values())) == len(alphabets)


def test_no_public_id_contains_a_blocked_word() -> None:
    short = {word for word in ids.BLOCKED if len(word) > 3}
    issued = (ids.encode(LABELS[0], pk).lower() for pk in range(20_000))
    assert not [sqid for sqid in issued if any(word in sqid for word in short)]
