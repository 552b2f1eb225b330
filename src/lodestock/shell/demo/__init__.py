"""The demo company: a year in the life of a small distributor, the same for the same seed.

``company``, ``catalogue`` and ``buildings`` say who and what there is; ``year`` plays twelve months
week by week, without a database; ``load`` brings the result in through the rooms' own verbs.
"""

#: The kind of job that loads it; a succeeded one says that it is there.
DEMO_JOB = "demo.seed"
