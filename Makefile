# One verb per line of work; `make help` lists them. `serve` and `test` do all the set-up that they need.
# Needs: make, and python3 (3.11 or newer) with its venv module. Nothing else is asked of the machine.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Tests run on this many processes. Two is what the time budgets are measured with.
PROCESSES ?= 2
CLIENTS := tests/clients
# Where the comparison of `make bench` lies; it is not part of this repository.
BENCH := $(or $(OPENDOMS_BENCH),../shared/bench)
# What is given to the command behind a verb: make serve ARGS="--port 9000", make fast ARGS="tests/orders -x".
ARGS ?=

# Without bytecode: Python writes it by itself for what is imported, which is far less than what is installed.
PIP_INSTALL := $(BIN)/python -m pip install --no-compile --quiet --disable-pip-version-check --no-input
PYTEST := $(BIN)/pytest -n $(PROCESSES) --dist worksteal

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install install-dev serve test suite thorough check format format-check lint types contracts fast api reference bench bench-search soak locks clean

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ---- set-up: a stamp per step, so that nothing is installed again while its lock file stays as it is ----------------

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "opendoms needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3 ...")'
	@echo "making $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: requirements/build.txt requirements/runtime.txt | $(VENV)/.made
	@echo "installing requirements/runtime.txt"
	@$(PIP_INSTALL) --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	@touch $@

$(VENV)/.package: pyproject.toml $(VENV)/.runtime
	@echo "installing opendoms in place"
	@$(PIP_INSTALL) --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/.package
	@echo "installing requirements/dev.txt"
	@$(PIP_INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

NPM_REACHES := npm view --no-prefer-offline --prefer-online @fulfillmenttools/fulfillmenttools-sdk-typescript version

# What npm installs for tests/clients. Where it cannot, for want of npm or of a registry that answers, those tests are
# skipped; where it can and fails, so does make.
$(CLIENTS)/node_modules/.made: $(CLIENTS)/package.json $(CLIENTS)/package-lock.json
	@if ! command -v npm >/dev/null; then \
		echo "npm is not here: $(CLIENTS) will be skipped"; \
	elif echo "installing $(CLIENTS)/package-lock.json" && (cd $(CLIENTS) && npm ci --loglevel=error >/dev/null); then \
		touch $@; \
	elif (cd $(CLIENTS) && $(NPM_REACHES) >/dev/null 2>&1); then \
		exit 1; \
	else \
		echo "npm does not reach its registry: $(CLIENTS) will be skipped"; \
	fi

install: $(VENV)/.package ## install what serving needs into .venv

install-dev: $(VENV)/.dev ## install what tests and checks need as well

# ---- the two commands ------------------------------------------------------------------------------------------------

serve: $(VENV)/.package ## start on 127.0.0.1:8080 with SQLite under ./data
	@exec $(BIN)/opendoms serve $(ARGS)

# What does not wait for each other runs beside each other: npm beside pip, and mypy, which takes one core for half a
# minute, beside the other checks and the start of the suite. That one is last: it begins only where the others hold.
test: ## everything, on both engines: checks and the whole suite
	@$(MAKE) --no-print-directory --jobs=$(PROCESSES) types format-check lint contracts suite

suite: $(VENV)/.dev $(CLIENTS)/node_modules/.made
	@$(PYTEST) $(ARGS)

thorough: $(VENV)/.dev $(CLIENTS)/node_modules/.made ## what `make test` has no time for: long searches, kills and journeys
	@$(PYTEST) -m thorough $(ARGS)
	@HYPOTHESIS_PROFILE=thorough OPENDOMS_FUZZ_EXAMPLES=40 $(PYTEST) tests/fuzz tests/api_description $(ARGS)

# ---- while working ---------------------------------------------------------------------------------------------------

check: format-check lint types contracts fast ## format, lint, types, import contracts and the tests that need no PostgreSQL

format: $(VENV)/.dev ## rewrite the sources in the house format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only --quiet .

format-check: $(VENV)/.dev
	@$(BIN)/ruff format --check --output-format concise .

lint: $(VENV)/.dev ## ruff
	@$(BIN)/ruff check .

types: $(VENV)/.dev ## mypy, strict, over src and tests
	@$(BIN)/mypy

contracts: $(VENV)/.dev ## which module may import which
	@$(BIN)/lint-imports --no-cache

fast: $(VENV)/.dev ## the tests that need neither PostgreSQL nor much time
	@HYPOTHESIS_PROFILE=quick $(PYTEST) -m "not postgres and not slow and not bench and not thorough" $(ARGS)

api: $(VENV)/.package ## write the API description anew into openapi/
	@mkdir -p openapi
	@$(BIN)/opendoms openapi > openapi/opendoms.json.new
	@mv openapi/opendoms.json.new openapi/opendoms.json

reference: $(VENV)/.dev ## write the reference pages that follow from the code anew into docs/reference/
	@PYTHONPATH=. $(BIN)/python docs/reference/generate.py

bench: $(VENV)/.dev ## measure memory, speed beside the ordinary stack, records, promises, webhooks; ARGS=--write keeps it
	@$(BIN)/pytest -m bench
	@$(PYTHON) -m venv $(VENV)/bench
	@$(VENV)/bench/bin/python -m pip install --quiet --disable-pip-version-check -r $(BENCH)/requirements.txt
	@$(BIN)/python -m bench.side_by_side --python $(VENV)/bench/bin/python $(ARGS)
	@$(BIN)/python -m bench.records_bench $(ARGS)
	@$(BIN)/python -m bench.promise_bench $(ARGS)
	@$(BIN)/python -m bench.webhooks_bench --python $(VENV)/bench/bin/python $(ARGS)

bench-search: $(VENV)/.dev ## fill 1,000,000 orders on each engine and search them; ARGS="--orders 10000" for less
	@$(PYTHON) -m venv $(VENV)/bench
	@$(VENV)/bench/bin/python -m pip install --quiet --disable-pip-version-check -r $(BENCH)/requirements.txt
	@$(BIN)/python -m bench.at_scale --python $(VENV)/bench/bin/python $(ARGS)

# How hard `make soak` tries, and on which database, which is left with the orders in it: SOAK=postgresql://user@host/name.
SOAK ?= sqlite:///$(or $(TMPDIR),/tmp)/opendoms-soak.db

soak: $(VENV)/.dev ## kill the server 20 times in 100,000 changes and check every webhook; ARGS="--changes 1000 --kills 3"
	@PYTHONPATH=src:. $(BIN)/python bench/soak.py $(SOAK) $(ARGS)

# ---- now and then ----------------------------------------------------------------------------------------------------

# An empty pip configuration and no extra sources: a lock file holds names, versions and hashes of public releases.
LOCK := PIP_CONFIG_FILE=/dev/null PIP_FIND_LINKS= PIP_EXTRA_INDEX_URL= CUSTOM_COMPILE_COMMAND="make locks" \
	$(VENV)/locks/bin/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --resolver=backtracking \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

locks: $(VENV)/.made ## pin anew what requirements/*.in and pyproject.toml ask for; ARGS=--upgrade takes newer releases
	@$(PYTHON) -m venv $(VENV)/locks
	@$(VENV)/locks/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/locks.txt
	$(LOCK) $(ARGS) -o requirements/runtime.txt pyproject.toml
	$(LOCK) $(ARGS) -o requirements/build.txt requirements/build.in
	$(LOCK) $(ARGS) -o requirements/dev.txt requirements/dev.in
	$(LOCK) $(ARGS) -o requirements/locks.txt requirements/locks.in

clean: ## remove what was made, but not ./data
	@rm -rf $(VENV) $(CLIENTS)/node_modules build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
