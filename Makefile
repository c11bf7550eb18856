# One target per job; `make help` lists them. Needs only make, Python 3.11+ and, for `make test`, what tests/rig/install names.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell for candidate in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$candidate >/dev/null 2>&1 && $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$candidate && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PORT ?= 8000
TEST_WORKERS ?= 2
ARGS ?=
NAME ?=

.PHONY: help venv demo demo-reset test nightly test-fast lint format types doors reference bench lock wheel clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

venv: $(VENV)/.ready-dev ## set up .venv with everything for development

demo: $(VENV)/.ready ## a running site with a believable community in it (PORT=8000, PORTAL_DATABASE_URL)
	@PORT=$(PORT) $(BIN)/portal demo

demo-reset: ## forget the demo's data; the next `make demo` starts over
	@rm -rf instance/demo
	@echo "The demo's data is gone; make demo starts over."

test: $(VENV)/.ready-dev ## set up all that the tests need and run every one of them (ARGS="tests/events -k seat")
	@tests/rig/install
	@$(MAKE) --no-print-directory lint types
	@if command -v npm >/dev/null && [ -f tests/provider/package-lock.json ]; then tests/rig/install-node; fi
	@$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist worksteal $(ARGS)

nightly: $(VENV)/.ready-dev ## the rounds that are too many for every day: workers killed all night, the database ended under them
	@tests/rig/install
	@$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist worksteal -m nightly $(ARGS)

test-fast: $(VENV)/.ready-dev ## the tests that need neither browser nor PostgreSQL
	@PORTAL_TEST_DATABASES=sqlite $(BIN)/python -m pytest -n $(TEST_WORKERS) --dist worksteal -m "not browser and not slow" $(ARGS)

lint: $(VENV)/.ready-dev ## style, import order of the rooms, templates
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "make format puts the style right"; exit 1; }
	@$(BIN)/lint-imports --no-cache > $(VENV)/.lint-imports 2>&1 || { cat $(VENV)/.lint-imports; exit 1; }
	@$(BIN)/djlint --quiet --lint templates
	@echo "lint: clean"

format: $(VENV)/.ready-dev ## put the style right
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

types: $(VENV)/.ready-dev ## mypy, strict, over portal/
	@$(BIN)/mypy --no-error-summary
	@echo "types: clean"

reference: $(VENV)/.ready-dev ## write the tables of the README anew from the code
	@$(BIN)/python -m tests.house.reference

doors: $(VENV)/.ready-dev ## accept on purpose what every address answers to everybody (tests/house/doors.txt)
	@PORTAL_TEST_DOORS=accept $(BIN)/python -m pytest -q tests/house/test_doors.py

bench: $(VENV)/.ready-dev ## the benchmarks, or one of them (NAME=pages)
	@$(BIN)/python -m tests.bench $(NAME)

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header pyproject.toml
lock: $(VENV)/.ready-dev ## pin requirements*.txt anew from pyproject.toml (UPGRADE=--upgrade for the newest)
	@$(LOCK) $(UPGRADE) --extra scale --group dev --group build -o requirements-dev.txt
	@$(LOCK) --extra scale -c requirements-dev.txt -o requirements.txt
	@$(LOCK:pyproject.toml=) --group build -c requirements-dev.txt -o requirements-build.txt

wheel: $(VENV)/.ready-dev ## build dist/perennial-*.whl
	@$(BIN)/python -m hatchling build -t wheel

clean: ## remove what was built (never the data in instance/)
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis test-results tests/provider/node_modules
	@find . -name __pycache__ -not -path "./.git/*" -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed: none was found. Set PYTHON=/path/to/python3."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Could not make $(VENV): on Debian and Ubuntu, install python3-venv."; exit 1; }

$(VENV)/.ready: requirements.txt requirements-build.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up $(VENV) ..."
	@$(PIP) --require-hashes -r requirements.txt -r requirements-build.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-dev: requirements-dev.txt $(VENV)/.ready
	@echo "Setting up the tools for development ..."
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@
