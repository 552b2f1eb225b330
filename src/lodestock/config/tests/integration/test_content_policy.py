"""No page lets inline script run; only the back office may compile."""

from __future__ import annotations

import pytest


def policy(client, path: str) -> dict[str, str]:
    header = client.get(path)["Content-Security-Policy"]
    return dict(part.strip().partition(" ")[::2] for part in header.split(";"))


@pytest.mark.parametrize("path", ["/admin/login/", "/api/v1/", "/api/docs", "/healthz", "/nowhere"])
def test_inline_script_is_refused_everywhere(db, client, path):
    found = policy(client, path)
    assert "'unsafe-inline'" not in found["script-src"]
    assert found["object-src"] == "'none'"
    assert found["frame-ancestors"] == "'none'"


def test_only_the_back_office_may_compile_its_attributes(db, client):
    assert "'unsafe-eval'" in policy(client, "/admin/login/")["script-src"]
    for path in ("/api/v1/", "/api/docs", "/healthz", "/administrator"):
        assert "'unsafe-eval'" not in policy(client, path)["script-src"]
