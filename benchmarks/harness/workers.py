"""Clients as processes, because threads of one Python would wait for each other.

A pool keeps its processes and their connections alive over all rounds. Each process builds its own
task once (`factory(index, **arguments)`) and calls it until the round's time is over.
"""

from __future__ import annotations

import importlib
import multiprocessing
import time
import traceback
from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from benchmarks.harness.rounds import Round
from benchmarks.harness.stage import point_django_at

Task = Callable[[], int]
START_TIMEOUT_SECONDS = 120


class Pool:
    """`clients` processes that run one kind of task, named as `module:function`.

    They work on the case's database, or on another one of the same server, by name.
    """

    def __init__(self, factory: str, clients: int, *, database: str = "", **arguments: Any) -> None:
        context = multiprocessing.get_context("forkserver")
        # Django is imported once, before the first fork: thirty-two clients start in a second.
        context.set_forkserver_preload(["benchmarks.harness.preload"])
        self._pipes: list[Connection] = []
        self._processes: list[BaseProcess] = []
        for index in range(clients):
            mine, theirs = context.Pipe()
            process = context.Process(
                target=_serve, args=(theirs, database, factory, index, arguments), daemon=True
            )
            process.start()
            theirs.close()
            self._pipes.append(mine)
            self._processes.append(process)
        for pipe in self._pipes:
            self._receive(pipe, START_TIMEOUT_SECONDS)

    def run(self, seconds: float) -> Round:
        """Let every process work for `seconds`; the rate is in units of the task a second."""
        begin = time.time() + 0.05
        for pipe in self._pipes:
            pipe.send((begin, seconds))
        answers = [self._receive(pipe, seconds + START_TIMEOUT_SECONDS) for pipe in self._pipes]
        units = sum(answer["units"] for answer in answers)
        elapsed = max(answer["ended"] for answer in answers) - begin
        waits = sorted(wait for answer in answers for wait in answer["waits"])
        errors: Counter[str] = Counter()
        for answer in answers:
            errors.update(answer["errors"])
        more: dict[str, Any] = {
            "clients": len(answers),
            "calls": len(waits),
            "units": units,
            "errors": dict(errors),
        }
        return Round.of(units, elapsed, **more | _percentiles(waits))

    def close(self) -> None:
        """End the processes."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join(timeout=10)
            if process.is_alive():
                process.terminate()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @staticmethod
    def _receive(pipe: Connection, timeout: float) -> Any:
        if not pipe.poll(timeout):
            raise RuntimeError(f"a client did not answer within {timeout:.0f} s")
        answer = pipe.recv()
        if isinstance(answer, str):
            raise RuntimeError(f"a client failed:\n{answer}")
        return answer


def _percentiles(waits: list[float]) -> dict[str, float]:
    if not waits:
        return {}
    at = {"p50_ms": 0.50, "p95_ms": 0.95, "p99_ms": 0.99}
    return {
        name: round(1000 * waits[int(share * (len(waits) - 1))], 3) for name, share in at.items()
    }


def _serve(
    pipe: Connection, database: str, factory: str, index: int, arguments: dict[str, Any]
) -> None:
    try:
        if database:
            point_django_at(database)
        task = build(factory, index, arguments)
        pipe.send({"ready": True})
        while True:
            begin, seconds = pipe.recv()
            pipe.send(_work(task, begin, seconds))
    except EOFError:
        return
    except Exception:  # noqa: BLE001 - the parent raises it
        pipe.send(traceback.format_exc())


def build(factory: str, index: int, arguments: dict[str, Any]) -> Task:
    """Make the task in this process."""
    module, _, name = factory.partition(":")
    task: Task = getattr(importlib.import_module(module), name)(index, **arguments)
    return task


def _work(task: Task, begin: float, seconds: float) -> dict[str, Any]:
    """Call the task until the time is over; a refused call is counted under its error's name."""
    waits: list[float] = []
    errors: Counter[str] = Counter()
    units, said = 0, ""
    time.sleep(max(0.0, begin - time.time()))
    deadline = time.perf_counter() + max(0.0, begin + seconds - time.time())
    before = time.perf_counter()
    while before < deadline:
        try:
            units += task()
        except Exception as error:  # noqa: BLE001 - which errors occurred is a finding
            errors[_name_of(error)] += 1
            said = said or str(error)[:300]
        after = time.perf_counter()
        waits.append(after - before)
        before = after
    found = {"units": units, "waits": waits, "errors": dict(errors), "said": said}
    return found | {"ended": time.time()}


def _name_of(error: BaseException) -> str:
    cause = error.__cause__ or error
    return getattr(cause, "sqlstate", None) or type(error).__name__
