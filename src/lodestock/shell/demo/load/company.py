"""The whole company: masters, then the year, then the feed."""

from __future__ import annotations

from contextvars import ContextVar

from lodestock.kernel.context import acting
from lodestock.shell.demo.plan import Year

from .articles import load_articles
from .companies import load_companies
from .feed import load_feed
from .keys import Keys
from .people import load_people, load_sites
from .places import load_places
from .weeks import Tell, load_year, steps

#: Somebody who watches while the job runs in this process: the command with its progress bar.
watcher: ContextVar[Tell | None] = ContextVar("demo_watcher", default=None)


def load_company(year: Year, tell: Tell) -> None:
    """Load everything that is not there yet; ``tell(done, total, message)`` as it goes."""
    seen = watcher.get()

    def both(done: int, total: int, message: str) -> None:
        tell(done, total, message)
        if seen is not None:
            seen(done, total, message)

    with acting(reason="demo company"):
        total = steps(year)
        both(0, total, "people, places, companies and articles")
        load_year(load_masters(year.seed), year, both)
        both(total - 1, total, "the web shop's files")
        load_feed(year)
        both(total, total, "all there")


def load_masters(seed: int) -> Keys:
    """Everything that documents refer to."""
    sites, departments = load_sites()
    places = load_places(sites)
    load_people(departments, places, seed)
    return Keys(sites, places, load_companies(), load_articles())
