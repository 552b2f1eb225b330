"""`lodestock up` on a new home: it serves, survives its own murder, and leaves nothing behind."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.owns_server, pytest.mark.timeout(300)]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_up_serves_survives_its_own_murder_and_leaves_nothing_behind(installation):
    program = installation.up()
    assert installation.page("/admin/login/") == 200
    assert "Log in as              admin" in installation.said.read_text()
    secrets = installation.home / "secrets"
    assert not [path for path in secrets.iterdir() if path.stat().st_mode & 0o077]

    program.kill()
    program.wait()
    again = installation.up()
    assert installation.page("/admin/login/") == 200

    done = subprocess.run(
        installation.command("doctor", "--json"),
        env=installation.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    findings = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert findings["role"] == {
        "name": "role",
        "state": "ok",
        "found": "acts as lodestock_app",
        "cure": "",
    }

    assert installation.stop(again) == 0
    assert "everything this command started has ended" in installation.said.read_text()
    installation.wait_for(lambda: not installation.processes())


def test_what_cannot_start_says_why_in_one_sentence(installation):
    done = subprocess.run(
        installation.command("up"),
        env=installation.environment | {"LODESTOCK_DB_POOL_MAX": "many"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.strip() == (
        "lodestock: LODESTOCK_DB_POOL_MAX is 'many'; a whole number is accepted."
    )
