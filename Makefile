# Everything here sets itself up: it needs Python >= 3.11 and make, nothing else.
PYTHON ?= python3
VENV := .venv
MEASURED := bot sms dossier_client
LEAST_COVERED := 90
BIN := $(VENV)/bin
# The tests start hundreds of processes: what was compiled once is kept, whatever the environment says.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test test-long check format bench train lock clean

help: ## show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(VENV)/.run: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

setup: $(VENV)/.run

setup-dev: $(VENV)/.dev

demo: setup ## play a conversation with the gateway, then type own texts (ONCE=1: play and end)
	@$(BIN)/python -m bot demo $(if $(ONCE),--once)

test: setup-dev ## run all tests but the long ones, on all cores; fails below 90 % of lines
	@rm -f .coverage .coverage.*
	@$(BIN)/python -m coverage run -m pytest -m "not long" -n 4 --dist worksteal $(ARGS)
	@$(BIN)/python -m coverage combine --quiet
	@for part in $(MEASURED); do \
	  total=$$($(BIN)/python -m coverage report --include="$$part/*" --format=total --fail-under=$(if $(ARGS),0,$(LEAST_COVERED))); enough=$$?; \
	  echo "lines of $$part covered: $$total %"; \
	  test $$enough = 0 || { echo "at least $(LEAST_COVERED) % are needed:"; $(BIN)/python -m coverage report --include="$$part/*" | sort -n -k4 | head -n 12; exit 1; }; \
	done

test-long: setup-dev ## run the long tests: kills under load, soak
	@$(BIN)/python -m pytest -m long $(ARGS)

check: setup-dev ## format, lint, types and import rules
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --diff --quiet . | head -n 40; echo "run: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: setup-dev ## write the format and the mendable lint
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format --quiet .

bench: setup-dev ## measure each step, the store and the whole round trip (5 minutes; QUICK=1: one)
	@$(BIN)/python -m benchmarks $(if $(QUICK),--quick)

train: setup-dev ## learn the models of the understanding anew from the phrases in bot/data
	@$(BIN)/python -m benchmarks.understanding.train

lock: setup-dev ## write requirements*.txt anew from pyproject.toml
	@$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.txt pyproject.toml
	@$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra dev -o requirements-dev.txt pyproject.toml

clean: ## remove what was made
	@rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis mutants build *.egg-info .coverage*
