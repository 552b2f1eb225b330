"""What a file looks like inside, column by column; accepted files add up to a history."""

from lodestock.feeds.domain.profile.column import ColumnProfile
from lodestock.feeds.domain.profile.file import FileProfile
from lodestock.feeds.domain.profile.profiler import Profiler

__all__ = ["ColumnProfile", "FileProfile", "Profiler"]
