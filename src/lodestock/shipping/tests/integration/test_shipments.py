"""A shipment's road, its proof, its pointers, and what carriers say of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from lodestock.eventstore.models import Event
from lodestock.kernel import clock
from lodestock.kernel.errors import IllegalTransition, InvalidInput, NotFound
from lodestock.shipping import services
from lodestock.shipping.errors import ShipmentDiffers, TimesOutOfOrder
from lodestock.shipping.models import Shipment, ShipmentLine, TrackingEvent
from lodestock.shipping.tests import factories as f
from lodestock.shipping.types import Direction, Meaning, ProofOfDelivery, Stated

pytestmark = pytest.mark.django_db


def told(shipment: Shipment) -> list[str]:
    rows = Event.objects.filter(aggregate_type="Shipment", aggregate_id=shipment.pk)
    return list(rows.order_by("seq").values_list("event_type", flat=True))


def test_a_shipment_passes_every_state_and_tells_each() -> None:
    shipment = f.a_shipment()
    services.depart_shipment(shipment.pk, occurred_at=f.LONG_AGO + timedelta(days=1))
    services.confirm_delivery(
        shipment.pk,
        occurred_at=f.LONG_AGO + timedelta(days=3),
        proof=ProofOfDelivery("B. Jones", None, "0" * 64),
    )
    shipment.refresh_from_db()
    assert shipment.status == "delivered"
    assert shipment.delivered_at - shipment.departed_at == timedelta(days=2)
    assert shipment.pod_received_at == shipment.delivered_at
    assert told(shipment) == [
        "ShipmentPlanned",
        "ShipmentPackingStarted",
        "ShipmentMadeReady",
        "ShipmentBooked",
        "ShipmentDeparted",
        "ShipmentInTransit",
        "ShipmentDelivered",
    ]


def test_a_name_on_the_proof_never_enters_an_event() -> None:
    shipment = f.a_shipment()
    services.confirm_delivery(shipment.pk, proof=ProofOfDelivery("B. Jones"))
    payloads = Event.objects.filter(aggregate_type="Shipment").values_list("payload", flat=True)
    assert "Jones" not in str(list(payloads))


def test_a_delivery_before_the_departure_is_refused_and_writes_nothing() -> None:
    shipment = f.a_shipment()
    services.depart_shipment(shipment.pk, occurred_at=f.LONG_AGO + timedelta(days=5))
    count = Event.objects.count()
    with pytest.raises(TimesOutOfOrder):
        services.confirm_delivery(shipment.pk, occurred_at=f.LONG_AGO + timedelta(days=4))
    shipment.refresh_from_db()
    assert (shipment.status, shipment.delivered_at) == ("departed", None)
    assert Event.objects.count() == count


def test_nothing_is_delivered_twice_or_in_the_future() -> None:
    shipment = f.a_shipment()
    services.confirm_delivery(shipment.pk)
    with pytest.raises(IllegalTransition):
        services.confirm_delivery(shipment.pk)
    with pytest.raises(TimesOutOfOrder):
        f.a_shipment(delivered_at=clock.now() + timedelta(hours=1))


def test_a_cancelled_shipment_does_not_leave() -> None:
    shipment = f.a_shipment()
    services.step_shipment(shipment.pk, "cancel", reason="customer's request")
    with pytest.raises(IllegalTransition):
        services.depart_shipment(shipment.pk)


def test_failed_goods_are_tried_again() -> None:
    shipment = f.a_shipment()
    services.depart_shipment(shipment.pk)
    for verb in ("fail", "redeliver", "pass_transit", "deliver", "close"):
        services.step_shipment(shipment.pk, verb)
    shipment.refresh_from_db()
    assert shipment.status == "closed"


def test_inbound_goods_are_announced_and_received() -> None:
    shipment = f.a_shipment(direction=Direction.INBOUND)
    assert told(shipment) == ["AdvanceShipNoticeReceived"]
    for verb in ("arrive", "begin_receiving", "finish_receiving"):
        services.step_shipment(shipment.pk, verb)
    shipment.refresh_from_db()
    assert shipment.status == "received"


def test_a_shipment_of_the_past_is_the_same_as_one_that_was_walked_there() -> None:
    times = {
        "departed_at": f.LONG_AGO + timedelta(days=1),
        "delivered_at": f.LONG_AGO + timedelta(days=3),
    }
    at_once = f.a_shipment(**times)
    walked = f.a_shipment()
    services.depart_shipment(walked.pk, occurred_at=times["departed_at"])
    services.confirm_delivery(walked.pk, occurred_at=times["delivered_at"])
    walked.refresh_from_db()
    assert told(at_once) == told(walked)
    for name in ("status", "departed_at", "delivered_at", "planned_at"):
        assert getattr(at_once, name) == getattr(walked, name)


def test_a_departure_nobody_noted_stays_unknown() -> None:
    shipment = f.a_shipment(delivered_at=f.LONG_AGO + timedelta(days=3))
    assert (shipment.status, shipment.departed_at) == ("delivered", None)


def test_a_known_document_gets_the_lines_it_lacks_once() -> None:
    given = f.shipment_input(
        source="scms", external_id="ASN-8", lines=(f.a_line(external_key="1"),)
    )
    first = services.plan_shipment(given)
    more = replace(given, lines=(f.a_line(external_key="1"), f.a_line(5, external_key="2")))
    second = services.plan_shipment(more)
    assert second.id == first.id
    assert second.added == {"2"}
    assert services.plan_shipment(more).added == frozenset()
    assert ShipmentLine.objects.filter(shipment=first.id).count() == 2


def test_a_known_line_takes_over_a_corrected_weight_but_no_other_quantity() -> None:
    line = f.a_line(external_key="1", weight=Stated.of(Decimal(13)))
    given = f.shipment_input(source="scms", external_id="ASN-8", lines=(line,))
    services.plan_shipment(given)
    services.plan_shipment(replace(given, lines=(replace(line, weight=Stated.of(Decimal(14))),)))
    assert ShipmentLine.objects.get().weight_kg == 14
    with pytest.raises(ShipmentDiffers):
        services.plan_shipment(replace(given, lines=(replace(line, quantity=Decimal(3)),)))


def test_pointers_are_resolved_when_their_line_has_come() -> None:
    see = Stated(None, Meaning.SEE_OTHER_LINE, "9")
    first = f.a_line(external_key="1", weight=see, freight=see)
    f.a_shipment(source="scms", external_id="A", lines=(first,))
    assert services.resolve_pointers("scms").resolved == 0
    other = f.a_line(external_key="9", weight=Stated.of(Decimal(70)))
    f.a_shipment(source="scms", external_id="B", lines=(other,))
    f.a_shipment(source="other", external_id="B", lines=(other,))
    answer = services.resolve_pointers("scms")
    assert (answer.found, answer.resolved) == (2, 2)
    pointing = ShipmentLine.objects.get(external_key="1")
    assert pointing.weight_line.shipment.source == "scms"
    assert pointing.weight_kg is None


def test_a_carriers_message_moves_the_shipment_only_where_it_can() -> None:
    shipment = f.a_shipment()
    late = services.record_tracking(shipment_id=shipment.pk, code="DLV", verb="deliver")
    assert late.verb == ""
    services.depart_shipment(shipment.pk)
    scan = services.record_tracking(
        shipment_id=shipment.pk, code="TR", verb="pass_transit", source="c", external_id="1"
    )
    again = services.record_tracking(
        shipment_id=shipment.pk, code="TR", verb="pass_transit", source="c", external_id="1"
    )
    assert scan.pk == again.pk
    assert TrackingEvent.objects.count() == 2
    shipment.refresh_from_db()
    assert shipment.status == "in_transit"


def test_a_parcel_carries_a_checked_sscc_and_none_is_added_after_departure() -> None:
    shipment = f.a_shipment()
    parcel = services.add_parcel(
        shipment_id=shipment.pk, sscc="376130321109103420", weight_kg="12.5"
    )
    assert parcel.parcel_no == 1
    with pytest.raises(InvalidInput):
        services.add_parcel(shipment_id=shipment.pk, sscc="376130321109103421")
    services.depart_shipment(shipment.pk)
    with pytest.raises(IllegalTransition):
        services.add_parcel(shipment_id=shipment.pk)


def test_an_unknown_shipment_is_not_found() -> None:
    with pytest.raises(NotFound):
        services.depart_shipment(10**12)
