"""The real files, through the command their user types, to the figures the issue names."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from lodestock.accounts.models import User
from lodestock.kernel.principals import PROGRAM
from lodestock.purchasing.models import PurchaseOrder
from lodestock.purchasing.selectors import supplier_performance

pytestmark = [pytest.mark.real_data, pytest.mark.timeout(1800)]
CONTRACTS = Path(__file__).resolve().parents[2] / "examples" / "contracts"
SCMS_LINES = 6_255
SCMS_TOTALS = {
    "purchase_orders": {"count": 1829, "value": "327002619.24"},
    "sales_orders": {"count": 2027, "value": "617112780.33"},
    "shipments": {"count": 4205},
}


class Program:
    """The commands of one installation."""

    def __init__(self, url: str, home: Path) -> None:
        self.environment = os.environ | {
            "DATABASE_URL": url,
            "LODESTOCK_HOME": str(home),
            "LODESTOCK_DB_ROLE": "app",
            "DJANGO_SETTINGS_MODULE": "lodestock.config.settings.dev",
        }

    def say(self, *arguments: object, status: int | None = 0) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "lodestock", *map(str, arguments), "--json"],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert status is None or done.returncode == status, done.stdout + done.stderr[-3000:]
        answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return answer


@pytest.fixture
def program(committing_db, tmp_path) -> Program:
    return Program(committing_db.url, tmp_path / "home")


def plain(totals: dict[str, Any]) -> dict[str, Any]:
    """Totals with values to the cent, as the issue writes them."""
    return {
        name: {
            key: value if key == "count" else f"{float(value):.2f}" for key, value in part.items()
        }
        for name, part in totals.items()
        if name in SCMS_TOTALS
    }


def test_both_forms_of_the_scms_history_give_the_same_figures(program, real_data):
    """Done when 2; A-27, A-80, A-81, B-02: every line accounted for, twice over."""
    as_found = real_data / "scms" / "scms_open_as_found.csv"
    opened = real_data / "scms" / "scms_open.csv"
    contract = CONTRACTS / "scms.yaml"

    first = program.say("import_feed", contract, opened)
    assert sum(v for k, v in first["rows"].items() if k != "received") == SCMS_LINES
    assert first["rows"]["received"] == first["rows"]["applied"] == SCMS_LINES
    assert plain(first["totals"]) == SCMS_TOTALS
    pointers = first["totals"]["pointers"]
    assert pointers["found"] == pointers["resolved"] > 0
    for file in (opened, as_found):
        again = program.say("import_feed", contract, file)
        assert again["rows"]["unchanged"] == SCMS_LINES, again
        assert again["rows"]["applied"] == 0
    assert program.say("verify_ledger")["ok"]
    late = PurchaseOrder.objects.raw(
        "SELECT o.* FROM purchasing_purchaseorder o JOIN purchasing_purchaseline l"
        " ON l.order_id = o.id WHERE o.sent_at::date > l.received_on"
    )
    assert len(late) == 0

    assert_suppliers()
    assert_order_filters()


def assert_suppliers() -> None:
    """A-81: on time by line, to the figure."""
    found = {row.name: row for row in supplier_performance(PROGRAM, today=date(2020, 1, 1))}
    for part, on_time, lines in (("Orgenics", 410, 463), ("Trinity", 206, 207)):
        (row,) = [row for name, row in found.items() if part in name]
        assert (row.on_time_lines, row.due_lines) == (on_time, lines), row


def assert_order_filters() -> None:
    """A-27: status, supplier and dates over HTTP equal brute force."""
    client = APIClient()
    client.force_authenticate(User.objects.create_superuser("b", "b@example.org", "long words 7"))
    rows = list(PurchaseOrder.objects.select_related("supplier"))
    supplier = next(row.supplier for row in rows if "Orgenics" in row.supplier.name)
    after, before = "2010-01-01T00:00:00Z", "2012-01-01T00:00:00Z"
    query = {
        "status": "received",
        "supplier": supplier.sqid,
        "ordered_after": after,
        "ordered_before": before,
        "page_size": 1000,
    }
    answer = client.get("/api/v1/purchase-orders", query)
    assert answer.status_code == 200, answer.content
    bounds = [datetime.fromisoformat(moment) for moment in (after, before)]
    expected = {
        row.number
        for row in rows
        if row.status == "received"
        and row.supplier_id == supplier.pk
        and row.ordered_at is not None
        and bounds[0] <= row.ordered_at <= bounds[1]
    }
    assert {row["number"] for row in answer.json()["results"]} == expected
    assert expected


DRIFT_CONTRACT = CONTRACTS / "online_retail.yaml"


def test_the_founding_incident_does_not_happen_again(program, real_data, tmp_path):
    """B-01, done when 4: week 2 is stopped before any row, by shape; and by meaning as well."""
    folder = real_data / "online_retail"
    one, two = folder / "drift_feed_week1.csv", folder / "drift_feed_week2.csv"
    first = program.say("import_feed", DRIFT_CONTRACT, one, status=None)
    assert first["rows"]["received"] == 999
    assert first["rows"]["applied"] + first["rows"]["quarantined"] == 999, first
    before = program.say("verify_ledger")

    alike = tmp_path / "week2_two_digit_years.csv"
    text = two.read_text(encoding="utf-8")
    alike.write_text(re.sub(r"(\d{1,2}/\d{1,2}/)20(\d\d)", r"\1\2", text), encoding="utf-8")
    for file in (two, alike):
        stopped = program.say("import_feed", DRIFT_CONTRACT, file, status=2)
        assert not stopped["ok"]
        assert stopped["rows"]["applied"] == 0
        assert sum(v for k, v in stopped["rows"].items() if k != "received") == 149
        assert stopped["rows"]["received"] == 149
        findings = [f for f in stopped["drift"] if f["field"] in ("invoiced_at", "InvoiceDate")]
        assert findings, stopped["drift"]
        assert all(f["old"] != f["new"] and f["rows"] for f in findings)
    after = program.say("verify_ledger")
    assert after["movements"] == before["movements"]


def test_after_the_fix_is_confirmed_week_two_changes_nothing_it_had_told_before(program, real_data):
    """Done when 4, second half: over week 1, week 2 is 149 rows told again."""
    folder = real_data / "online_retail"
    program.say("import_feed", DRIFT_CONTRACT, folder / "drift_feed_week1.csv")
    before = program.say("verify_ledger")
    week2 = folder / "drift_feed_week2.csv"
    program.say("import_feed", DRIFT_CONTRACT, week2, status=2)
    done = program.say("confirm_drift", week2)
    assert outcomes(done) == {"received": 149, "unchanged": 149}
    after = program.say("verify_ledger")
    assert (after["ok"], after["movements"]) == (True, before["movements"])


def test_where_only_the_pattern_was_learned_week_two_is_applied_once(program, real_data, tmp_path):
    """Done when 4, second half: none of the invoices known, 149 applied; again, none."""
    week2 = real_data / "online_retail" / "drift_feed_week2.csv"
    program.say("import_feed", DRIFT_CONTRACT, week_one_without(week2, tmp_path / "learned.csv"))
    before = program.say("verify_ledger")
    stopped = program.say("import_feed", DRIFT_CONTRACT, week2, status=2)
    assert outcomes(stopped) == {"received": 149, "quarantined": 149}
    assert outcomes(program.say("confirm_drift", week2)) == {"received": 149, "applied": 149}
    after = program.say("verify_ledger")
    assert after["ok"]
    assert after["movements"] > before["movements"]
    again = program.say("import_feed", DRIFT_CONTRACT, week2)
    assert outcomes(again) == {"received": 149, "unchanged": 149}
    assert program.say("verify_ledger")["movements"] == after["movements"]


def outcomes(answer: dict[str, Any]) -> dict[str, int]:
    """The outcomes that any row had."""
    return {name: rows for name, rows in answer["rows"].items() if rows}


def week_one_without(week2: Path, made: Path) -> Path:
    """Week 1 without the invoices that week 2 brings."""
    invoices = {line.partition(",")[0] for line in week2.read_text("utf-8").splitlines()[1:]}
    header, *lines = week2.with_name("drift_feed_week1.csv").read_text("utf-8").splitlines()
    rest = [line for line in lines if line.partition(",")[0] not in invoices]
    assert 0 < len(rest) < len(lines)
    made.write_text("\r\n".join([header, *rest, ""]), encoding="utf-8", newline="")
    return made
