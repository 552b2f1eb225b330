"""Real files end to end: the issue's own figures."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from lodestock.feeds import services
from lodestock.feeds.models import DriftReport, Import, QuarantinedRow
from lodestock.feeds.testing.company import counts

pytestmark = [pytest.mark.real_data, pytest.mark.django_db]
CONTRACTS = Path(__file__).parents[5] / "examples/contracts"


def take(name: str, path: Path) -> Import:
    return services.import_feed(CONTRACTS / f"{name}.yaml", path)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("scms_open.csv", "scms_open_as_found.csv"),
        ("scms_open_as_found.csv", "scms_open.csv"),
    ],
)
def test_scms_is_exact_and_its_other_form_changes_nothing(real_data, first, second) -> None:
    batch = take("scms", real_data / "scms" / first)
    answer = services.answer_of(batch)
    assert counts(batch) == (6_255, 0, 0, 0)
    assert answer["drift"] == []
    assert answer["totals"] == {
        "purchase_orders": {"count": 1_829, "value": "327002619.24"},
        "sales_orders": {"count": 2_027, "value": "617112780.33"},
        "shipments": {"count": 4_205},
        "pointers": {"found": 3_016, "resolved": 3_016},
    }
    for again in (first, second):
        assert counts(take("scms", real_data / "scms" / again)) == (0, 6_255, 0, 0)


@pytest.fixture
def weeks(real_data, tmp_path) -> dict[str, Path]:
    """Week 1; week 1 without the invoices of week 2; week 2; week 2 with two-digit years."""
    folder = real_data / "online_retail"
    week1, week2 = folder / "drift_feed_week1.csv", folder / "drift_feed_week2.csv"
    invoices = set(re.findall(rb"^(C?\d+),", week2.read_bytes(), re.MULTILINE))
    rest, short = tmp_path / "rest.csv", tmp_path / "short.csv"
    lines = week1.read_bytes().splitlines(keepends=True)
    rest.write_bytes(b"".join(line for line in lines if line.split(b",")[0] not in invoices))
    short.write_bytes(week2.read_bytes().replace(b"1/12/2010", b"1/12/10"))
    return {"week1": week1, "rest": rest, "week2": week2, "short": short}


def test_week_two_is_stopped_by_shape_and_its_copy_by_meaning(weeks) -> None:
    assert counts(take("online_retail", weeks["week1"])) == (999, 0, 0, 0)
    by_shape = take("online_retail", weeks["week2"])
    by_meaning = take("online_retail", weeks["short"])
    for batch, code in ((by_shape, "date_spelling"), (by_meaning, "known_rows_changed")):
        finding = services.answer_of(batch)["drift"][0]
        assert counts(batch) == (0, 0, 149, 0)
        assert services.exit_code(batch) == 2
        assert (finding["field"], finding["code"], finding["rows"]) == ("invoiced_at", code, 149)
    for batch in (by_shape, by_meaning):
        done = services.confirm_drift(DriftReport.objects.get(batch=batch))
        assert counts(done) == (0, 149, 0, 0)
    assert not QuarantinedRow.objects.filter(status__in=["open", "held"]).exists()


@pytest.mark.parametrize("which", ["week2", "short"])
def test_on_learned_history_alone_all_are_applied_once(weeks, which) -> None:
    take("online_retail", weeks["rest"])
    stopped = take("online_retail", weeks[which])
    assert counts(stopped) == (0, 0, 149, 0)
    assert counts(services.confirm_drift(DriftReport.objects.get(batch=stopped)))[0] == 149
    assert counts(take("online_retail", weeks[which])) == (0, 149, 0, 0)


def test_a_part_of_online_retail_replays_with_every_class_counted(real_data, tmp_path) -> None:
    packed = real_data / "online_retail/online_retail_II_2009-12_2010-12.csv.gz"
    with gzip.open(packed, "rb") as file:
        lines = [file.readline() for _ in range(3_001)]
    part = tmp_path / "part.csv.gz"
    part.write_bytes(gzip.compress(b"".join(lines)))
    batch = take("online_retail", part)
    answer = services.answer_of(batch)
    assert counts(batch) == (3_000, 0, 0, 0)
    assert sum(answer["classes"].values()) == 3_000
    assert answer["classes"]["return"] > 0
    assert answer["flags"]["walk_in"] > 0
    assert counts(take("online_retail", part)) == (0, 3_000, 0, 0)
