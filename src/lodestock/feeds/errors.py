"""What a feed refuses, and how each refusal is known to programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lodestock.kernel.errors import Conflict, InvalidInput, LodestockError, NotFound


class UnreadableFile(InvalidInput):
    """The bytes cannot be turned into rows: wrong format, damaged, or not text at all."""

    code = "file_unreadable"
    title = "The file cannot be read"


class FileTooLarge(UnreadableFile):
    """A cap was passed: bytes, unpacked bytes, unpacking ratio, or the length of one line."""

    code = "file_too_large"
    status = 413
    title = "The file passes a safety limit"


class InvalidContract(InvalidInput):
    """The contract file says something a contract may not say; ``problems`` lists all of it."""

    code = "contract_invalid"
    title = "The contract is not valid"

    def __init__(self, name: str, problems: Sequence[str], **params: Any) -> None:
        listed = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(
            f"{name}: {len(problems)} problem(s) in the contract.\n{listed}",
            problems=list(problems),
            **params,
        )
        self.problems = list(problems)


class ContractDiffers(Conflict):
    """A version number that stands for one content is used for another."""

    code = "contract_differs"
    title = "This version of the contract has other content"


class FeedBusy(Conflict):
    """Another import of the same feed is running; one feed is read by one importer at a time."""

    code = "feed_busy"
    title = "The feed is being imported"


class WrongFile(InvalidInput):
    """The file is readable but is plainly not of this feed: hardly a column is known."""

    code = "file_not_of_this_feed"
    title = "The file does not belong to this contract"


class UnknownRecord(NotFound):
    """No such contract, import, drift report or quarantined row."""

    code = "feed_record_not_found"


class StillWrong(InvalidInput):
    """A quarantined row that cannot be taken yet, even with the fix."""

    code = "row_still_wrong"
    title = "The row cannot be taken yet"


class AlreadyDecided(Conflict):
    """The drift report or the quarantined row was dealt with before; nothing was done again."""

    code = "already_decided"


__all__ = [
    "AlreadyDecided",
    "ContractDiffers",
    "FeedBusy",
    "FileTooLarge",
    "InvalidContract",
    "LodestockError",
    "StillWrong",
    "UnknownRecord",
    "UnreadableFile",
    "WrongFile",
]
