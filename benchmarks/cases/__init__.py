"""The cases, in the order of the table."""

from benchmarks.cases import posting  # isort: skip
from benchmarks.cases import reserving  # isort: skip
from benchmarks.cases import ordering, receiving  # isort: skip
from benchmarks.cases import rolls  # isort: skip
from benchmarks.cases import history  # isort: skip
from benchmarks.cases import feeds  # isort: skip

__all__ = ["feeds", "history", "ordering", "posting", "receiving", "reserving", "rolls"]
