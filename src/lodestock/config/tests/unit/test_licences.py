"""The GPL and the AGPL never enter the program; the LGPL only as a library."""

from __future__ import annotations

import pytest

from lodestock.config.operations.licences import (
    LIBRARY,
    PERMISSIVE,
    REFUSED,
    UNKNOWN,
    family_of,
    licences,
)

LIBRARIES = {"psycopg", "psycopg-binary", "psycopg-pool", "python-crontab"}


def test_every_package_of_the_program_may_be_there():
    found = licences()
    assert len(found) > 50
    assert not [one for one in found if one.family in {REFUSED, UNKNOWN}]


def test_the_libraries_under_the_lgpl_are_known_by_name():
    assert {one.package for one in licences() if one.family == LIBRARY} <= LIBRARIES


@pytest.mark.parametrize(
    ("declared", "family"),
    [
        ("MIT License", PERMISSIVE),
        ("BSD-3-Clause AND PSF-2.0", PERMISSIVE),
        ("Apache Software License", PERMISSIVE),
        ("GNU Lesser General Public License v3 (LGPLv3)", LIBRARY),
        ("LGPL-3.0-only", LIBRARY),
        ("GNU General Public License v2 (GPLv2)", REFUSED),
        ("AGPL-3.0-or-later", REFUSED),
        ("GNU Affero General Public License v3", REFUSED),
        ("GPL-2.0-only OR MIT", PERMISSIVE),
        ("Server Side Public License (SSPL)", REFUSED),
        ("not declared", UNKNOWN),
    ],
)
def test_a_declared_licence_is_put_into_its_family(declared, family):
    assert family_of(declared) == family
