"""A read composed once answers like the queryset, for other keys too."""

from __future__ import annotations

import pytest

from lodestock.kernel.composed import Composed
from lodestock.organisation.models import Currency, Uom

pytestmark = pytest.mark.django_db


def test_many_keys_and_each_time_others():
    read = Composed(lambda key: Uom.objects.filter(id__in=[key]).values_list("id", "code"))
    keys = list(Uom.objects.order_by("id").values_list("id", flat=True)[:4])
    for wanted in (keys[:1], keys, []):
        expected = list(Uom.objects.filter(id__in=wanted).values_list("id", "code"))
        assert sorted(read(wanted)) == sorted(expected)
    assert list(read([-1])) == []


def test_one_key_and_values_of_python():
    read = Composed(lambda key: Currency.objects.filter(id=key).values_list("id", "code", "active"))
    euro = Currency.objects.get(code="EUR")
    assert list(read(euro.pk)) == [(euro.pk, "EUR", True)]


def test_two_lists_are_refused_before_anything_is_asked():
    read = Composed(lambda key: Uom.objects.filter(id__in=[key], code__in=["kg"]).values_list("id"))
    with pytest.raises(ValueError, match="may have one list"):
        read([1])
