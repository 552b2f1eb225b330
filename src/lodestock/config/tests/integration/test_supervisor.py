"""The supervisor keeps processes running and leaves none behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from lodestock.config.running.ports import free_port, is_free
from lodestock.config.running.supervisor import Child, Hopeless, Supervisor

FOREVER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    + FOREVER[-1].removeprefix("import time; "),
]
PARENT = """
import sys
from pathlib import Path
from lodestock.config.running.supervisor import Child, Supervisor
child = Child("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"], Path(sys.argv[1]))
Supervisor([child], print).run(lambda: print(child.process.pid, flush=True))
"""


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def wait_until(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr("lodestock.config.running.supervisor.FIRST_DELAY_SECONDS", 0.01)
    monkeypatch.setattr("lodestock.config.running.supervisor.GRACE_SECONDS", 0.5)
    before = {number: signal.getsignal(number) for number in (2, 15, 1)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_signal_ends_every_child_also_the_stubborn(quick, tmp_path):
    children = [Child("a", FOREVER, tmp_path / "a.log"), Child("b", STUBBORN, tmp_path / "b.log")]
    told = []
    supervisor = Supervisor(children, told.append)

    def stop_soon():
        wait_until(lambda: all(child.log.exists() and child.last_words() for child in children))
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=stop_soon)
    supervisor.run(thread.start)
    thread.join()
    assert not any(alive(child.process.pid) for child in children)
    assert any("b did not end" in line for line in told)


def test_a_child_that_dies_is_started_again(quick, tmp_path):
    child = Child("a", FOREVER, tmp_path / "a.log")
    supervisor = Supervisor([child], lambda _: None)
    pids = []

    def kill_once_then_stop():
        pids.append(child.process.pid)
        os.kill(child.process.pid, signal.SIGKILL)
        wait_until(lambda: child.process is not None and child.process.pid != pids[0])
        pids.append(child.process.pid)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=kill_once_then_stop)
    supervisor.run(thread.start)
    thread.join()
    assert pids[0] != pids[1]


def test_a_child_that_cannot_run_is_given_up_with_its_own_last_words(quick, tmp_path):
    command = [sys.executable, "-c", "raise SystemExit('no such table: stock')"]
    with pytest.raises(Hopeless, match="no such table: stock"):
        Supervisor([Child("a", command, tmp_path / "a.log")], lambda _: None).run()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux only")
def test_children_end_when_the_supervisor_is_killed(tmp_path):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True
    )
    pid = int(parent.stdout.readline())
    assert alive(pid)
    parent.kill()
    parent.wait()
    assert wait_until(lambda: not alive(pid))


def test_a_taken_port_gives_way_to_the_next_free_one():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not is_free("127.0.0.1", port)
        assert free_port("127.0.0.1", port) > port
