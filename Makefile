# Every target sets up what it needs: all it takes is make and a Python of at least 3.11.
#   make demo     an offline backtest on a synthetic market, with a report
#   make test     the whole suite, with the coverage floors
#   make quick    the suite without what takes seconds, and without coverage
#   make check    format, lint, types, contracts between the rooms
#   make dashboard  builds what `tradewright serve` shows (with Node 20.19 or newer and npm)
#   make faults   10,000 runs of the live order road in which venue and process fail
#   make guards   each guard of live trading is taken out, and its tests must fail
#   make bench    the performance workloads beside their peers
# PYTHON=/path/to/python names the interpreter, VENV=folder the environment, ARGS=… adds to the command.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV ?= .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	if $$p -c '$(ENOUGH)' >/dev/null 2>&1; then echo $$p; break; fi; done)
LOCK := requirements.lock
BENCH_LOCK := requirements-bench.lock
READY := $(VENV)/.ready
BENCH_READY := $(VENV)/.bench-ready
# One more than there are cores: many tests wait for other processes.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)' 2>/dev/null || echo 2)

.PHONY: help setup demo dashboard test faults guards quick check format lint types contracts bench lock clean

help:
	@sed -n 's/^#   //p' Makefile

setup: $(READY)

$(UV):
	@if [ -z "$(PYTHON)" ] || ! "$(PYTHON)" -c '$(ENOUGH)' 2>/dev/null; then \
		echo "Tradewright needs Python 3.11 or newer and found none: install one, or name it with 'make PYTHON=/path/to/python …'." >&2; \
		exit 2; \
	fi
	@echo "Setting up $(VENV) (once)"
	@"$(PYTHON)" -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(sed -n 's/^\(uv==[^ ]*\).*/\1/p' $(LOCK))"

# An editable install sees every change of the source; only the lock or the project file make it stale.
$(READY): $(LOCK) pyproject.toml | $(UV)
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes $(LOCK)
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@rm -f $(BENCH_READY)
	@touch $@

$(BENCH_READY): $(READY) $(BENCH_LOCK)
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r $(BENCH_LOCK)
	@touch $@

# ---- the dashboard: what npm installed is as fresh as the locks, what was built as fresh as the sources
WEB := dashboard
WEB_READY := $(WEB)/node_modules/.ready
WEB_BUILT := $(WEB)/dist/index.html
WEB_SOURCES = $(shell find $(WEB) \( -name node_modules -o -name dist -o -name '*.gen.d.ts' \) -prune -o -type f -print 2>/dev/null)
NEW_ENOUGH := const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)

$(WEB_READY): $(WEB)/package-lock.json $(WEB)/codegen/package-lock.json
	@if ! node -e '$(NEW_ENOUGH)' 2>/dev/null || ! command -v npm >/dev/null; then \
		echo "The dashboard is built by Node 20.19 or newer with npm, and there is none: install it from nodejs.org." >&2; \
		exit 2; \
	fi
	@cd $(WEB) && npm ci --loglevel=error && npm ci --loglevel=error --prefix codegen
	@touch $@

$(WEB_BUILT): $(WEB_READY) $(WEB_SOURCES)
	@cd $(WEB) && npm run --silent build

dashboard: $(WEB_BUILT)

demo: $(READY)
	@$(BIN)/tradewright demo $(ARGS)

# Without a Node that is new enough the tests of the dashboard skip, which under CI is a failure.
HAS_NODE = $(shell command -v npm >/dev/null 2>&1 && node -e '$(NEW_ENOUGH)' 2>/dev/null && echo yes)

test: $(READY) $(if $(HAS_NODE),$(WEB_BUILT))
	@if [ -n "$(HAS_NODE)" ]; then cd $(WEB) && npm run --silent lint && npm run --silent test; fi
	@$(BIN)/python -m pytest -n $(WORKERS) --cov --cov-report=json:.coverage.json --cov-report= $(ARGS)
	@$(BIN)/python tools/coverage_gate.py .coverage.json

faults: $(READY)
	@$(BIN)/python -m tests.faults $(ARGS)

guards: $(READY)
	@$(BIN)/python -m tests.guards $(ARGS)

quick: $(READY)
	@$(BIN)/python -m pytest -n $(WORKERS) -m "not slow" $(ARGS)

check: lint types contracts

lint: $(READY)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(READY)
	@$(BIN)/mypy

contracts: $(READY)
	@$(BIN)/lint-imports --no-logo --cache-dir .import_linter_cache

format: $(READY)
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(BENCH_READY)
	@$(BIN)/python -m benchmarks $(ARGS)

# The lock holds for every platform and Python from 3.11 on, and names no host: it installs from any index.
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links
lock: | $(UV)
	@$(COMPILE) $(ARGS) --extra dev --extra alerts --extra alpaca --extra cluster --extra crypto --extra ib --extra keyring --extra notebook --extra openalgo --extra polars --extra postgres --extra redis --extra s3 --extra search --extra server --output-file $(LOCK) pyproject.toml
	@$(COMPILE) $(ARGS) --extra bench --constraint $(LOCK) --output-file $(BENCH_LOCK) pyproject.toml

clean:
	rm -rf $(VENV) build dist $(WEB)/dist $(WEB)/node_modules $(WEB)/codegen/node_modules .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
