"""Who: Quillbrook Cycle Supply, its sites, suppliers, customers, carriers and people.

All names are invented. Global location numbers are left out on purpose: a made-up one could be
somebody's.
"""

from __future__ import annotations

from dataclasses import dataclass

from lodestock.accounts.types import Role

NAME = "Quillbrook Cycle Supply"
CURRENCY = "EUR"


@dataclass(frozen=True)
class DemoSite:
    """A site; ``share`` is the part of all demand that it serves."""

    code: str
    name: str
    time_zone: str
    country: str
    share: float


SITES = (
    DemoSite("RAV", "Ravensholt central warehouse", "Europe/Berlin", "DE", 0.78),
    DemoSite("MIR", "Miravelo southern depot", "Europe/Lisbon", "PT", 0.22),
)
MAIN, SOUTH = (site.code for site in SITES)

#: code, name, of which site
DEPARTMENTS = (
    ("GOODS-IN", "Goods in", MAIN),
    ("PICKING", "Picking and packing", MAIN),
    ("WORKSHOP", "Workshop", MAIN),
    ("DEPOT", "Southern depot", SOUTH),
)


@dataclass(frozen=True)
class DemoSupplier:
    """A supplier and how long it takes, in days; ``habit`` is what tends to go wrong."""

    code: str
    name: str
    country: str
    lead_days: int
    lead_sd: float
    incoterm: str
    habit: str


SUPPLIERS = (
    DemoSupplier("SEABRIGHT", "Seabright Frame Foundry", "TW", 56, 6, "FOB", "late"),
    DemoSupplier("ALPKETTE", "Alpkette Antriebstechnik", "AT", 14, 2, "DAP", "punctual"),
    DemoSupplier("VANTOR", "Vantor Wheel Works", "CZ", 21, 4, "DAP", "partial"),
    DemoSupplier("MISTRALGUM", "Mistralgum Cooperative", "FR", 18, 3, "CPT", "over"),
    DemoSupplier("HALDENOTT", "Haldenott Brake Lab", "NO", 24, 5, "FCA", "damaged"),
    DemoSupplier("COPPERFEN", "Copperfen Chemistry", "NL", 10, 1.5, "DDP", "short"),
)


@dataclass(frozen=True)
class DemoCustomer:
    """A customer; ``weight`` is how often it orders beside the others."""

    code: str
    name: str
    country: str
    site: str
    weight: float
    terms: str


CUSTOMERS = (
    DemoCustomer("PINEPEDAL", "Pine & Pedal", "DE", MAIN, 3.0, "NET30"),
    DemoCustomer("VELOHOF", "Velohof Lindenau", "DE", MAIN, 2.6, "NET30"),
    DemoCustomer("TWORIVERS", "Two Rivers Cyclery", "NL", MAIN, 2.2, "NET30"),
    DemoCustomer("RADWERK9", "Radwerk Neun", "DE", MAIN, 1.8, "NET14"),
    DemoCustomer("HILLCRANK", "Hillcrank Bikes", "BE", MAIN, 1.6, "NET30"),
    DemoCustomer("NORDSADDLE", "Nordsaddle", "DK", MAIN, 1.4, "NET30"),
    DemoCustomer("BERGSPEICHE", "Bergspeiche", "CH", MAIN, 1.2, "NET14"),
    DemoCustomer("CITYLOOP", "Cityloop Rentals", "DE", MAIN, 1.0, "NET60"),
    DemoCustomer("COSTACICLO", "Costa Ciclo", "PT", SOUTH, 1.6, "NET30"),
    DemoCustomer("RODAVIVA", "Roda Viva", "PT", SOUTH, 1.3, "NET30"),
    DemoCustomer("SIERRABICI", "Sierra Bici", "ES", SOUTH, 1.2, "NET30"),
    DemoCustomer("LUZPEDAL", "Luz Pedal Tours", "PT", SOUTH, 0.7, "NET14"),
)

#: code, name, country, days in transit (least, most), share of shipments
CARRIERS = (
    ("SWIFTFEN", "Swiftfen Parcels", "DE", (1, 2), 0.6),
    ("NORDLANE", "Nordlane Freight", "DE", (2, 4), 0.25),
    ("CARGOKEST", "Cargo Kestrel", "PT", (1, 3), 0.15),
)


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to sign in as; ``department`` limits where they work, empty for everywhere."""

    username: str
    full_name: str
    role: Role
    department: str = ""


PEOPLE = (
    DemoPerson("ada", "Ada Winterfeld", Role.FACTORY_ADMIN),
    DemoPerson("bruno", "Bruno Castellan", Role.STOCK_KEEPER),
    DemoPerson("chiara", "Chiara Lund", Role.OPERATOR, "GOODS-IN"),
    DemoPerson("dev", "Dev Marchetti", Role.PURCHASER),
    DemoPerson("esther", "Esther Okonjo", Role.ORDER_CLERK),
    DemoPerson("gloria", "Gloria Teixeira", Role.DEPT_SK, "DEPOT"),
    DemoPerson("finn", "Finn Aaltonen", Role.AUDITOR),
    DemoPerson("hana", "Hana Verbeek", Role.VIEW_ONLY),
)
