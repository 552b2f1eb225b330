"""What the demo company's year came to: said on the screen, or as one JSON object."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from decimal import Decimal
from io import StringIO
from typing import Any

from django.core.management import call_command
from rich.console import Console
from rich.table import Table

from lodestock.shell.demo.company import NAME, PEOPLE
from lodestock.shell.demo.figures import Explained, Figure, Stopped, count, explain, stopped
from lodestock.shell.demo.load.people import password_of


@dataclass(frozen=True)
class Login:
    """Somebody to sign in as."""

    username: str
    name: str
    role: str
    password: str


@dataclass(frozen=True)
class Story:
    """The figures of the year. Quantities and money are exact."""

    seed: int
    figures: list[Figure]
    explained: Explained
    stopped: Stopped | None
    ledger: dict[str, Any]
    logins: list[Login]

    @property
    def ok(self) -> bool:
        """Whether the ledger verified."""
        return bool(self.ledger["ok"])

    def as_json(self) -> dict[str, Any]:
        """One object; decimals as strings."""
        plain: dict[str, Any] = json.loads(json.dumps({"ok": self.ok, **asdict(self)}, default=str))
        return plain


def tell(seed: int) -> Story:
    """Count what there is now, explain one balance and verify the ledger."""
    logins = [
        Login(one.username, one.full_name, one.role.value, password_of(one, seed)) for one in PEOPLE
    ]
    return Story(seed, count(), explain(), stopped(), _verified(), logins)


def _verified() -> dict[str, Any]:
    answer = StringIO()
    # It ends the program when something differs; the answer says what.
    with suppress(SystemExit):
        call_command("verify_ledger", "--json", stdout=answer)
    told: dict[str, Any] = json.loads(answer.getvalue())
    return {key: told[key] for key in ("ok", "movements", "balances", "seconds")}


def show(story: Story, console: Console, *, already: bool) -> None:
    """Print it."""
    console.print()
    console.print(f"[bold]{NAME}[/bold], {'already here' if already else 'a year in the life'}")
    console.print(_figures(story))
    console.print(_explained(story.explained))
    if story.stopped is not None:
        console.print(_held(story.stopped))
    console.print(_verdict(story.ledger))
    console.print(_logins(story))


def _figures(story: Story) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    table.add_column(style="dim")
    for one in story.figures:
        table.add_row(one.name, f"{one.count:,}", one.remark)
    return table


def _explained(balance: Explained) -> Table:
    title = f"Why {plain(balance.on_hand)} of {balance.sku} lie in {balance.place}"
    table = Table(title=title, title_justify="left", title_style="bold")
    for heading in ("when", "what", "document", "change", "then there were"):
        table.add_column(heading, justify="right" if heading in {"change"} else "left")
    if balance.earlier:
        table.add_row("", f"{balance.earlier:,} earlier lines", "", "", plain(balance.before))
    for line in balance.lines:
        change = f"{line.change:+,f}".rstrip("0").rstrip(".")
        table.add_row(line.when, line.kind, line.document, change, plain(line.balance))
    return table


def _held(file: Stopped) -> str:
    return (
        f"[yellow]Stopped[/yellow]: the newest file of {file.feed}. Its {file.field} was"
        f" {file.old} and is {file.new} in {file.rows} of {file.received} rows;"
        f" {file.applied} were applied. A case is open in the back office."
    )


def _verdict(ledger: dict[str, Any]) -> str:
    if not ledger["ok"]:
        return "[red bold]The ledger does not verify: lodestock verify_ledger says where."
    return (
        f"[green]Verified[/green]: {ledger['movements']:,} movements refolded, every one of"
        f" {ledger['balances']:,} balances is their sum ({ledger['seconds']} s)."
    )


def _logins(story: Story) -> Table:
    table = Table(title="Sign in as", title_justify="left", title_style="bold")
    for heading in ("username", "password", "role", "who"):
        table.add_column(heading)
    for one in story.logins:
        table.add_row(one.username, one.password, one.role, one.name)
    return table


def plain(value: Decimal) -> str:
    """A quantity without the zeros nobody asked for."""
    return f"{value.normalize():,f}"
