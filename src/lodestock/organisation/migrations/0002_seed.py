"""Units, currencies, reasons and number series that every installation starts with."""

from decimal import Decimal

from django.db import migrations

CURRENCIES = """
AED UAE dirham 2|ARS Argentine peso 2|AUD Australian dollar 2|BDT Bangladeshi taka 2|BGN Bulgarian lev 2
BHD Bahraini dinar 3|BRL Brazilian real 2|BWP Botswana pula 2|CAD Canadian dollar 2|CHF Swiss franc 2
CLP Chilean peso 0|CNY Chinese yuan 2|COP Colombian peso 2|CZK Czech koruna 2|DKK Danish krone 2
EGP Egyptian pound 2|ETB Ethiopian birr 2|EUR Euro 2|GBP Pound sterling 2|GHS Ghanaian cedi 2
HKD Hong Kong dollar 2|HUF Hungarian forint 2|IDR Indonesian rupiah 2|ILS Israeli new shekel 2|INR Indian rupee 2
ISK Icelandic krona 0|JOD Jordanian dinar 3|JPY Japanese yen 0|KES Kenyan shilling 2|KRW South Korean won 0
KWD Kuwaiti dinar 3|KZT Kazakhstani tenge 2|LKR Sri Lankan rupee 2|MAD Moroccan dirham 2|MXN Mexican peso 2
MYR Malaysian ringgit 2|NGN Nigerian naira 2|NOK Norwegian krone 2|NZD New Zealand dollar 2|OMR Omani rial 3
PEN Peruvian sol 2|PHP Philippine peso 2|PKR Pakistani rupee 2|PLN Polish zloty 2|QAR Qatari riyal 2
RON Romanian leu 2|RSD Serbian dinar 2|RUB Russian rouble 2|RWF Rwandan franc 0|SAR Saudi riyal 2
SEK Swedish krona 2|SGD Singapore dollar 2|THB Thai baht 2|TND Tunisian dinar 3|TRY Turkish lira 2
TWD New Taiwan dollar 2|TZS Tanzanian shilling 2|UAH Ukrainian hryvnia 2|UGX Ugandan shilling 0|USD US dollar 2
UYU Uruguayan peso 2|VND Vietnamese dong 0|XAF CFA franc BEAC 0|XOF CFA franc BCEAO 0|ZAR South African rand 2
ZMW Zambian kwacha 2
"""

# code, name, dimension, base units in one (exact; None: a pack, its content is the variant's)
UOMS = [
    ("each", "Each", "count", "1"),
    ("pair", "Pair", "count", "2"),
    ("dozen", "Dozen", "count", "12"),
    ("gross", "Gross", "count", "144"),
    ("thousand", "Thousand", "count", "1000"),
    ("pack", "Pack", "count", None),
    ("box", "Box", "count", None),
    ("carton", "Carton", "count", None),
    ("case", "Case", "count", None),
    ("layer", "Layer", "count", None),
    ("pallet", "Pallet", "count", None),
    ("roll", "Roll", "count", None),
    ("kg", "Kilogram", "mass", "1"),
    ("g", "Gram", "mass", "0.001"),
    ("mg", "Milligram", "mass", "0.000001"),
    ("t", "Tonne", "mass", "1000"),
    ("lb", "Pound", "mass", "0.45359237"),
    ("oz", "Ounce", "mass", "0.028349523125"),
    ("m", "Metre", "length", "1"),
    ("mm", "Millimetre", "length", "0.001"),
    ("cm", "Centimetre", "length", "0.01"),
    ("km", "Kilometre", "length", "1000"),
    ("in", "Inch", "length", "0.0254"),
    ("ft", "Foot", "length", "0.3048"),
    ("yd", "Yard", "length", "0.9144"),
    ("m2", "Square metre", "area", "1"),
    ("cm2", "Square centimetre", "area", "0.0001"),
    ("ft2", "Square foot", "area", "0.09290304"),
    ("l", "Litre", "volume", "1"),
    ("ml", "Millilitre", "volume", "0.001"),
    ("m3", "Cubic metre", "volume", "1000"),
    ("gal_us", "US gallon", "volume", "3.785411784"),
    ("fl_oz_us", "US fluid ounce", "volume", "0.0295735295625"),
    ("h", "Hour", "time", "3600"),
    ("min", "Minute", "time", "60"),
    ("s", "Second", "time", "1"),
    ("day", "Day of 24 hours", "time", "86400"),
]
BASES = {"each", "kg", "m", "m2", "l", "s"}
WHOLE = {
    "each",
    "pair",
    "dozen",
    "gross",
    "pack",
    "box",
    "carton",
    "case",
    "layer",
    "pallet",
    "roll",
}

REASONS = [
    ("found", 101, "adjustment", "Found"),
    ("lost", 102, "adjustment", "Lost"),
    ("data_entry", 103, "adjustment", "Entered wrongly"),
    ("sample", 104, "adjustment", "Taken as a sample"),
    ("own_use", 105, "adjustment", "Own use"),
    ("opening_balance", 106, "adjustment", "Opening balance"),
    ("imported_adjustment", 107, "adjustment", "Adjustment found in an imported file"),
    ("count_difference", 201, "count", "Count difference"),
    ("recount", 202, "count", "Recount"),
    ("damaged", 301, "scrap", "Damaged"),
    ("expired", 302, "scrap", "Expired"),
    ("contaminated", 303, "scrap", "Contaminated"),
    ("production_scrap", 304, "scrap", "Production scrap"),
    ("customer_changed_mind", 401, "return", "No longer wanted"),
    ("defective", 402, "return", "Defective"),
    ("wrong_item", 403, "return", "Wrong item sent"),
    ("late", 404, "return", "Arrived too late"),
    ("cancelled_invoice", 405, "return", "Cancelled invoice found in an imported file"),
    ("customer_request", 501, "cancellation", "Customer's request"),
    ("supplier_cannot_deliver", 502, "cancellation", "Supplier cannot deliver"),
    ("duplicate", 503, "cancellation", "Entered twice"),
    ("price_disagreement", 504, "cancellation", "No agreement on the price"),
    ("quality_check", 601, "hold", "Waiting for inspection"),
    ("customer_credit", 602, "hold", "Credit limit"),
    ("recall", 603, "hold", "Recall"),
    ("wrong_posting", 701, "correction", "Posted wrongly"),
    ("wrong_quantity", 702, "correction", "Wrong quantity"),
    ("wrong_place", 703, "correction", "Wrong place"),
    ("replenishment", 801, "transfer", "Replenishment"),
    ("rebalancing", 802, "transfer", "Rebalancing between places"),
    ("department_transfer", 803, "transfer", "Between departments"),
    ("short_delivery", 901, "discrepancy", "Delivered short"),
    ("over_delivery", 902, "discrepancy", "Delivered too much"),
    ("damaged_delivery", 903, "discrepancy", "Arrived damaged"),
    ("wrong_delivery", 904, "discrepancy", "Wrong goods delivered"),
]
WITH_NOTE = {"lost", "own_use", "contaminated", "wrong_posting"}

SERIES = [
    ("purchase_order", "Purchase orders", "PO-{number:6}"),
    ("receipt", "Goods receipts", "GR-{number:6}"),
    ("sales_order", "Sales orders", "SO-{number:6}"),
    ("return", "Returns", "RMA-{number:6}"),
    ("shipment", "Shipments", "SH-{number:6}"),
    ("transfer_order", "Transfers", "TR-{number:6}"),
    ("production_order", "Production orders", "MO-{number:6}"),
    ("count", "Counts", "CT-{number:6}"),
    ("lot", "Lots", "L{yy}{month}-{number:5}"),
    ("product", "Products", "P-{number:6}"),
    ("partner", "Partners", "BP-{number:5}"),
]


def _currency(entry):
    code, rest = entry.split(" ", 1)
    name, minor_unit = rest.rsplit(" ", 1)
    return {"code": code, "name": name, "minor_unit": int(minor_unit)}


def seed(apps, schema_editor):
    def create(name, rows):
        model = apps.get_model("organisation", name)
        model.objects.bulk_create([model(**row) for row in rows])

    entries = CURRENCIES.strip().replace("\n", "|").split("|")
    create("Currency", [_currency(entry) for entry in entries])
    create("Uom", [_uom(*row) for row in UOMS])
    keys = ("code", "number", "family", "name")
    reasons = [dict(zip(keys, row, strict=True)) for row in REASONS]
    create("ReasonCode", [row | {"note_required": row["code"] in WITH_NOTE} for row in reasons])
    keys = ("code", "name", "pattern")
    create("NumberSeries", [dict(zip(keys, row, strict=True)) for row in SERIES])


def _uom(code, name, dimension, factor):
    return {
        "code": code,
        "name": name,
        "dimension": dimension,
        "factor": None if factor is None else Decimal(factor),
        "is_base": code in BASES,
        "decimal_places": 0 if code in WHOLE else 6,
    }


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_initial"), ("kernel", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
