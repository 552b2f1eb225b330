"""Articles and partners a feed names, as ids; what is missing is created, nothing is changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lodestock.catalog.services import ensure_variants
from lodestock.catalog.types import VariantSpec
from lodestock.feeds.types import FeedDocument, FeedPartner, FeedProduct
from lodestock.partners.services import ensure_partners
from lodestock.partners.types import WALK_IN_CODE, PartnerSpec

NAME_MAX = 200
REMEMBERED_MAX = 20_000


@dataclass(slots=True)
class Masters:
    """Ids by SKU and by partner code, remembered between chunks of one import."""

    currency: str
    variants: dict[str, int] = field(default_factory=dict)
    partners: dict[str, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def expect(self, documents: Sequence[FeedDocument]) -> None:
        """Make sure that everything these documents name exists: two calls for a whole chunk."""
        if len(self.variants) > REMEMBERED_MAX:
            self.variants.clear()
        if len(self.partners) > REMEMBERED_MAX:
            self.partners.clear()
        lines = (line for document in documents for line in document.lines)
        self.expect_products(line.product for line in lines)
        self._partners(document.partner for document in documents if document.partner)

    def expect_products(self, products: Iterable[FeedProduct]) -> None:
        """Make sure that these articles exist."""
        named: dict[str, FeedProduct] = {}
        for product in products:
            if product.sku not in self.variants and (
                product.sku not in named or (product.name and not named[product.sku].name)
            ):
                named[product.sku] = product
        if not named:
            return
        found = ensure_variants(
            [_variant(product) for product in named.values()], update=False, strict=False
        )
        self.variants.update(found)
        self.refused.update({sku: error.detail for sku, error in found.refused.items()})

    def _partners(self, partners: Iterable[FeedPartner]) -> None:
        named = {
            partner.code: partner
            for partner in partners
            if partner.code not in self.partners and partner.code != WALK_IN_CODE
        }
        if not named:
            return
        specs = [_partner(partner, self.currency) for partner in named.values()]
        found = ensure_partners(specs, update=False, strict=False)
        self.partners.update(found)
        self.refused.update({code: error.detail for code, error in found.refused.items()})

    def partner_id(self, partner: FeedPartner | None) -> int | None:
        """The key of a partner; None for a walk-in customer."""
        if partner is None or partner.code == WALK_IN_CODE:
            return None
        return self.partners[partner.code]

    def problem(self, document: FeedDocument) -> str:
        """Why a document cannot be taken for want of its partner or an article, or ""."""
        if document.partner and document.partner.code in self.refused:
            return self.refused[document.partner.code]
        for line in document.lines:
            if line.product.sku not in self.variants:
                return self.refused.get(line.product.sku, f"article {line.product.sku} is unknown")
        return ""


def _variant(product: FeedProduct) -> VariantSpec:
    return VariantSpec(
        sku=product.sku,
        name=(product.name or product.sku)[:NAME_MAX],
        product_name=(product.name or product.sku)[:NAME_MAX],
        kind=product.kind,
        base_uom=product.uom,
        attributes=dict(product.attributes) or None,
    )


def _partner(partner: FeedPartner, currency: str) -> PartnerSpec:
    return PartnerSpec(
        code=partner.code,
        name=partner.name[:NAME_MAX],
        roles=[partner.role],
        currency=currency,
        country=partner.country if len(partner.country) == 2 else None,
    )
