# Each target is one command. `make demo` and `make test` need Python 3.11+, and nothing else.
PYTHON ?= python3
BASE = @$(PYTHON) scripts/bootstrap.py --run
DEV = @$(PYTHON) scripts/bootstrap.py --dev --run

.PHONY: setup demo run test test-unit test-fast test-long check bench bench-full soak fmt lock

setup:
	@$(PYTHON) scripts/bootstrap.py --dev
demo:
	$(BASE) lodestock demo
run:
	$(BASE) lodestock run
test:
	$(DEV) python scripts/run_tests.py all
test-unit:
	$(DEV) python scripts/run_tests.py unit
test-fast:
	$(DEV) python scripts/run_tests.py fast
test-long:
	$(DEV) python scripts/run_tests.py long
soak:
	$(DEV) python scripts/run_tests.py soak
check:
	$(DEV) python scripts/run_checks.py
bench:
	$(DEV) python -m benchmarks
bench-full:
	$(DEV) python -m benchmarks --full
fmt:
	$(DEV) python scripts/run_checks.py --fix
lock:
	$(DEV) python scripts/lock_requirements.py
