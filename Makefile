# `make up` runs everything, `make test` and `make check` try it. ARGS passes options on: make up ARGS='--port 9000'

VENV := .venv
BIN := $(VENV)/bin
# The first of these that is 3.11 or newer and can make environments.
PYTHON = $(or $(shell for name in python3.11 python3.12 python3.13 python3; do \
	$$name -c 'import ensurepip, sys, venv; assert sys.version_info >= (3, 11)' 2>/dev/null && echo $$name && break; \
	done),$(error finrec needs Python 3.11 or newer with its venv module: install it and try again))
# Each worker of the tests needs up to a gigabyte of memory, and connections of a PostgreSQL that is given (a hundred).
WORKERS = -n logical --maxprocesses 8
INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check

.PHONY: up test check format snapshot bench bench-peers soak drills assets help

help:
	@echo 'make up | test | check | format | snapshot | bench | bench-peers | soak | drills | assets'

up: $(VENV)/.run assets
	@$(BIN)/finrec up --with-parent $(ARGS)

test: $(VENV)/.dev
	@OMP_NUM_THREADS=1 $(BIN)/pytest $(WORKERS) $(ARGS)

check: $(VENV)/.dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/finrec schema | diff schema/schema.graphql - # the snapshot of the SDL
	@$(BIN)/pytest --quiet tests/store/test_migrate.py # migrations in step with the tables

format: $(VENV)/.dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

snapshot: $(VENV)/.dev
	@$(BIN)/finrec schema > schema/schema.graphql

bench: $(VENV)/.dev
	@$(BIN)/python -m benchmarks $(ARGS)

bench-peers: $(VENV)/.dev
	@$(INSTALL) -r benchmarks/requirements.txt

soak: $(VENV)/.dev
	@$(BIN)/pytest -m "soak or drill" $(ARGS)
	@OMP_NUM_THREADS=1 $(BIN)/pytest $(WORKERS) --hypothesis-profile=search tests/engine $(ARGS)

# What goes wrong in operation: killed workers, corrupt artifacts, lost services. Bounded in time.
drills: $(VENV)/.dev
	@OMP_NUM_THREADS=1 $(BIN)/pytest -m drill tests/drills $(ARGS)

# GraphiQL; where it cannot be built, only the page is missing.
assets: server/static/graphiql.html

server/static/graphiql.html: $(wildcard web/*.* web/src/* web/public/*) | $(VENV)/.run
	@echo 'Building the pages ...' >&2
	@web/build.sh $(BIN) >&2 && touch $@ || \
		echo 'The pages could not be built (node or npm fails); the API works, and `make assets` tries again.' >&2

# --- environment: the development lock holds the other one, so either is enough to run

$(VENV)/.run: requirements.lock | $(BIN)/pip
	@test $(VENV)/.dev -nt requirements.lock && test $(VENV)/.dev -nt requirements-dev.lock || \
		$(MAKE) --no-print-directory install LOCK=requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock requirements.lock | $(BIN)/pip
	@$(MAKE) --no-print-directory install LOCK=requirements-dev.lock
	@touch $@ $(VENV)/.run

.PHONY: install
install:
	@echo 'Installing $(LOCK) (some minutes the first time) ...' >&2
	@$(INSTALL) --require-hashes --requirement $(LOCK) >&2
	@$(INSTALL) --no-deps --no-build-isolation --editable . >&2

$(BIN)/pip:
	@$(PYTHON) -m venv $(VENV)
