"""A small company whose verbs are driven at random, and which keeps its own count of the goods.

Every operation goes through a service. A refusal is a legal answer; what was refused must leave
nothing behind. What was accepted is added up here by plain arithmetic, so that the ledger is
compared with something that is not made of its own rows.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import uuid4

from lodestock.catalog import services as catalog
from lodestock.inventory import services as inventory
from lodestock.inventory.models import HandlingUnit, Lot
from lodestock.inventory.types import MovementLine, Place, PostingReceipt, PostingRequest
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import LodestockError
from lodestock.locations import services as locations
from lodestock.locations.selectors import virtual_location
from lodestock.organisation import services as organisation
from lodestock.partners.services import ensure_partners
from lodestock.partners.types import PartnerSpec
from lodestock.purchasing import services as purchasing
from lodestock.purchasing.models import PurchaseOrder, ReceiptLine
from lodestock.purchasing.types import (
    PurchaseLineInput,
    PurchaseOrderInput,
    ReceiptInput,
    ReceivedLine,
)
from lodestock.sales import services as sales
from lodestock.sales.models import SalesOrder
from lodestock.sales.types import (
    Despatch,
    DespatchLine,
    ReturnInput,
    ReturnLineInput,
    SalesLineInput,
    SalesOrderInput,
)
from lodestock.shipping.models import ShipmentLine

ORDERED_AT = datetime(2024, 3, 1, 9, tzinfo=UTC)
VIRTUAL = ("supplier", "customer", "scrap", "opening", "count")


@dataclass(frozen=True)
class Premises:
    """What stands before the first goods come: keys only, so that processes can share it."""

    site: int
    warehouse: int
    bins: tuple[int, ...]
    plain: tuple[int, ...]
    by_lot: int
    lots: tuple[int, ...]
    units: tuple[int, ...]
    supplier: int
    customer: int
    virtual: dict[str, int]

    @property
    def variants(self) -> tuple[int, ...]:
        return (*self.plain, self.by_lot)


def found() -> Premises:
    """Build the company: three bins, two plain articles, one tracked by lot, two pallets."""
    site = organisation.ensure_site(
        code="HQ", name="Head office", currency="EUR", time_zone="Europe/Berlin"
    )
    warehouse = locations.create_location(site_id=site.pk, kind="warehouse", code="WH")
    bins = tuple(
        locations.create_location(
            site_id=site.pk, parent_id=warehouse.pk, kind="zone", code=code, holds_stock=True
        ).pk
        for code in ("Z1", "Z2", "Z3")
    )
    articles = [
        catalog.create_product(code=code, name=code, tracking=tracking).variants.get().pk
        for code, tracking in (("BOX", "none"), ("BAG", "none"), ("PILL", "lot"))
    ]
    lots = tuple(
        inventory.create_lot(variant_id=articles[2], code=code).pk for code in ("L1", "L2")
    )
    units = tuple(
        inventory.create_handling_unit(kind="pallet", location_id=bins[0]).pk for _ in range(2)
    )
    partners = ensure_partners(
        [
            PartnerSpec(code="ACME", name="Acme", roles=("supplier",), payment_terms="NET30"),
            PartnerSpec(code="CLINIC", name="Clinic", roles=("customer",)),
        ]
    )
    virtual = {kind: virtual_location(kind) for kind in VIRTUAL}
    return Premises(
        site=site.pk,
        warehouse=warehouse.pk,
        bins=bins,
        plain=tuple(articles[:2]),
        by_lot=articles[2],
        lots=lots,
        units=units,
        supplier=partners["ACME"],
        customer=partners["CLINIC"],
        virtual=virtual,
    )


@dataclass
class Done:
    """A posting that was accepted: what was asked, what was answered, what it did to stock."""

    request: PostingRequest
    receipt: PostingReceipt
    gained: dict[int, Decimal]


@dataclass
class Company:
    """The verbs, each steered by one source of chance, and the independent count of goods."""

    at: Premises
    chance: Random
    on_hand: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    done: list[Done] = field(default_factory=list)
    reservations: list[int] = field(default_factory=list)
    accepted: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def do(self, verb: str) -> None:
        """Take one verb. Only a refusal in the product's own words is a legal failure."""
        try:
            with transaction():
                getattr(self, verb)()
        except LodestockError as refusal:
            self.refused[f"{verb}: {refusal.code}"] += 1
        else:
            self.accepted[verb] += 1

    # -- choices ---------------------------------------------------------------------------

    def amount(self, most: int = 20) -> Decimal:
        """Mostly whole, sometimes with decimals."""
        whole = Decimal(self.chance.randint(1, most))
        return whole if self.chance.random() < 0.8 else whole + Decimal("0.125")

    def bin(self) -> int:
        return self.chance.choice(self.at.bins)

    def goods(self) -> tuple[int, int]:
        """An article and, where it needs one, its lot."""
        variant = self.chance.choice(self.at.variants)
        return variant, self.chance.choice(self.at.lots) if variant == self.at.by_lot else 0

    def moment(self) -> datetime | None:
        """Mostly now; sometimes days ago."""
        if self.chance.random() < 0.7:
            return None
        return datetime.now(UTC) - timedelta(days=self.chance.randint(1, 90))

    # -- postings --------------------------------------------------------------------------

    def receive(self) -> None:
        variant, lot = self.goods()
        self._move("receive", variant, lot, self.amount(60), self._virtual("supplier"), self._own())

    def ship(self) -> None:
        variant, lot = self.goods()
        self._move("ship", variant, lot, self.amount(), self._own(), self._virtual("customer"))

    def transfer(self) -> None:
        variant, lot = self.goods()
        self._move("transfer", variant, lot, self.amount(), self._own(), self._own())

    def set_aside(self) -> None:
        """The same place, another stock status."""
        variant, lot = self.goods()
        place = self.bin()
        sides = [Place(place), Place(place, status="quarantine")]
        self.chance.shuffle(sides)
        self._move("transfer", variant, lot, self.amount(9), *sides)

    def adjust(self) -> None:
        variant, lot = self.goods()
        sides = [self._own(), self._virtual("count")]
        self.chance.shuffle(sides)
        self._move("adjust", variant, lot, self.amount(5), *sides, reason_code="count_difference")

    def scrap(self) -> None:
        variant, lot = self.goods()
        sides = (self._own(), self._virtual("scrap"))
        self._move("scrap", variant, lot, self.amount(5), *sides, reason_code="damaged")

    def load_pallet(self) -> None:
        """Goods lying loose go onto a pallet, where the pallet stands."""
        unit = HandlingUnit.objects.get(pk=self.chance.choice(self.at.units))
        variant, lot = self.goods()
        place = unit.location_id or self.bin()
        self._move("transfer", variant, lot, self.amount(9), Place(place), Place(place, unit.pk))

    def ship_from_pallet(self) -> None:
        unit = HandlingUnit.objects.get(pk=self.chance.choice(self.at.units))
        variant, lot = self.goods()
        source = Place(unit.location_id or self.bin(), unit.pk)
        self._move("ship", variant, lot, self.amount(5), source, self._virtual("customer"))

    def move_pallet(self) -> None:
        inventory.move_handling_unit(
            self.chance.choice(self.at.units),
            location_id=self.bin(),
            reference_type="stress",
            reference_id=uuid4().hex,
        )

    def pack_pallet(self) -> None:
        inside, outside = self.chance.sample(self.at.units, 2)
        inventory.pack_unit(inside, into_id=outside)

    def unpack_pallet(self) -> None:
        inventory.take_out_unit(self.chance.choice(self.at.units))

    def two_lines(self) -> None:
        """A posting whose second line may be impossible: both stand or neither."""
        lines = []
        for _ in range(2):
            variant, lot = self.goods()
            lines.append(MovementLine(variant, self.amount(9), self._own(), self._own(), lot))
        self._post(PostingRequest("transfer", "stress", uuid4().hex, lines))

    def repeat(self) -> None:
        """The same reference with the same lines is answered with the first receipt."""
        if not self.done:
            return
        earlier = self.chance.choice(self.done)
        (again,) = inventory.post_many([earlier.request])
        assert again.replayed
        assert again.posting_id == earlier.receipt.posting_id
        assert again.movement_ids == earlier.receipt.movement_ids
        assert again.recorded_at == earlier.receipt.recorded_at

    def twin(self) -> None:
        """One of thirty commands that everybody may send: the first books it, others replay."""
        number = self.chance.randint(1, 30)
        line = MovementLine(
            self.at.plain[number % 2],
            Decimal(number),
            self._virtual("supplier"),
            Place(self.at.bins[number % 3]),
        )
        receipt = inventory.post_movements(
            kind="receive", reference_type="twin", reference_id=str(number), lines=[line]
        )
        if not receipt.replayed:
            self.on_hand[line.variant_id] += line.quantity

    def reverse(self) -> None:
        if not self.done:
            return
        earlier = self.chance.choice(self.done)
        inventory.reverse_posting(earlier.receipt.posting_id, reason="typed wrongly")
        for variant, gained in earlier.gained.items():
            self.on_hand[variant] -= gained

    # -- promises --------------------------------------------------------------------------

    def reserve(self) -> None:
        variant, lot = self.goods()
        result = inventory.reserve_stock(
            reference_type="stress",
            reference_id=uuid4().hex,
            line_key="1",
            variant_id=variant,
            quantity=self.amount(),
            location_ids=self.at.bins,
            lot_id=lot or None if self.chance.random() < 0.3 else None,
            partial=self.chance.random() < 0.5,
        )
        assert result.held >= 0
        assert result.held == sum((line.held for line in result.lines), Decimal(0))
        self.reservations.append(result.reservation_id)

    def release(self) -> None:
        if self.reservations:
            inventory.release_reservation(self.chance.choice(self.reservations))

    def turn_lot(self) -> None:
        """Hold or release a lot; what the machine does not allow is refused."""
        lot = Lot.objects.get(pk=self.chance.choice(self.at.lots))
        verb = inventory.hold_lot if self.chance.random() < 0.5 else inventory.release_lot
        verb(lot, reason="a complaint")

    # -- documents -------------------------------------------------------------------------

    def buy(self) -> None:
        lines = tuple(
            PurchaseLineInput(
                variant_id=variant,
                quantity=self.amount(50),
                unit_price=Decimal("1.25"),
                tolerance=Decimal("0.1"),
            )
            for variant in self.chance.sample(self.at.plain, self.chance.randint(1, 2))
        )
        order = purchasing.create_purchase_order(
            PurchaseOrderInput(
                supplier_id=self.at.supplier,
                site_id=self.at.site,
                lines=lines,
                ordered_at=ORDERED_AT,
            )
        )
        if self.chance.random() < 0.8:
            purchasing.submit_purchase_order(order.pk)
            purchasing.approve_purchase_order(order.pk)
            purchasing.send_purchase_order(order.pk)

    def take_delivery(self) -> None:
        """Sometimes more than was ordered, sometimes on an order that expects nothing."""
        order = self._some(PurchaseOrder)
        lines = list(order.lines.order_by("line_no"))
        chosen = self.chance.sample(lines, self.chance.randint(1, len(lines)))
        counted = [(line, self.amount(30)) for line in chosen]
        purchasing.receive_goods(
            ReceiptInput(
                order_id=order.pk,
                location_id=self.bin(),
                lines=tuple(ReceivedLine(quantity=q, line_id=line.pk) for line, q in counted),
            )
        )
        for line, quantity in counted:
            self.on_hand[line.variant_id] += quantity

    def put_away(self) -> None:
        line = self._some(ReceiptLine)
        purchasing.put_away(receipt_line_id=line.pk, location_id=self.bin())

    def end_purchase(self) -> None:
        order = self._some(PurchaseOrder)
        if self.chance.random() < 0.5:
            purchasing.cancel_purchase_order(order.pk, reason="not needed")
        else:
            purchasing.close_purchase_order(order.pk)

    def sell(self) -> None:
        lines = tuple(
            SalesLineInput(variant_id=variant, quantity=self.amount(12), unit_price=Decimal("4.00"))
            for variant in self.chance.sample(self.at.variants, self.chance.randint(1, 3))
        )
        order = sales.create_order(
            SalesOrderInput(
                site_id=self.at.site,
                location_id=self.at.warehouse,
                customer_id=self.at.customer,
                lines=lines,
                ordered_at=ORDERED_AT,
            )
        )
        if self.chance.random() < 0.6:
            sales.reserve_order(order.pk)

    def send_out(self) -> None:
        """Everything there is of an order, or a stated part of one line."""
        order = self._some(SalesOrder)
        if self.chance.random() < 0.5:
            despatch = Despatch()
        else:
            line = self.chance.choice(list(order.lines.order_by("line_no")))
            despatch = Despatch(lines=(DespatchLine(line_id=line.pk, quantity=self.amount(6)),))
        shipment = sales.ship_order(order.pk, despatch)
        if shipment is not None:
            for line in ShipmentLine.objects.filter(shipment_id=shipment.id):
                self.on_hand[line.variant_id] -= line.quantity

    def take_back(self) -> None:
        variant = self.chance.choice(self.at.plain)
        quantity = self.amount(4)
        sales.return_goods(
            ReturnInput(
                site_id=self.at.site,
                location_id=self.bin(),
                customer_id=self.at.customer,
                reason="defective",
                lines=(
                    ReturnLineInput(
                        variant_id=variant, quantity=quantity, unit_price=Decimal("4.00")
                    ),
                ),
            )
        )
        self.on_hand[variant] += quantity

    def end_sale(self) -> None:
        order = self._some(SalesOrder)
        verb = self.chance.choice(("cancel", "hold", "release"))
        if verb == "cancel":
            sales.cancel_order(order.pk, reason="changed their mind")
        elif verb == "hold":
            sales.hold_order(order.pk, reason="payment")
        else:
            sales.release_order(order.pk)

    # -- parts -----------------------------------------------------------------------------

    def _own(self) -> Place:
        return Place(self.bin())

    def _virtual(self, kind: str) -> Place:
        return Place(self.at.virtual[kind])

    def _some(self, model: type) -> object:
        """Any row there is; a company without one has nothing to do."""
        keys = list(model.objects.order_by("pk").values_list("pk", flat=True))
        if not keys:
            raise NothingToDo("none yet")
        return model.objects.get(pk=self.chance.choice(keys))

    def _move(
        self,
        kind: str,
        variant: int,
        lot: int,
        quantity: Decimal,
        source: Place,
        destination: Place,
        *,
        reason_code: str = "",
    ) -> None:
        line = MovementLine(variant, quantity, source, destination, lot, reason_code=reason_code)
        self._post(PostingRequest(kind, "stress", uuid4().hex, [line], occurred_at=self.moment()))

    def _post(self, request: PostingRequest) -> None:
        (receipt,) = inventory.post_many([request])
        assert not receipt.replayed
        gained: dict[int, Decimal] = defaultdict(Decimal)
        outside = set(self.at.virtual.values())
        for line in request.lines:
            gained[line.variant_id] += line.quantity * (
                (line.destination.location_id not in outside)
                - (line.source.location_id not in outside)
            )
        for variant, quantity in gained.items():
            self.on_hand[variant] += quantity
        self.done.append(Done(request, receipt, gained))


class NothingToDo(LodestockError):
    """The verb needs a row that nobody has made yet."""

    code = "nothing_to_do"


VERBS = tuple(
    name
    for name, value in vars(Company).items()
    if callable(value)
    and not name.startswith("_")
    and name not in {"do", "amount", "bin", "goods", "moment"}
)
