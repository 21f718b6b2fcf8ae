# The project in its own environment. `make` lists what there is; a machine needs only Python 3.11 or newer.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VENV ?= .venv
BIN := $(VENV)/bin
OUT ?= demo
TESTS ?= tests
ARGS ?=
PEER ?= .peer
PEER_ARGS = $(if $(wildcard $(PEER)/bin/python),--peer $(PEER)/bin/python)

# The first interpreter that is new enough, unless PYTHON names one.
PYTHON ?= $(shell for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then command -v $$candidate; break; fi; done)

.PHONY: help demo test lint format types pytest docs bench peer install install-dev clean

help: ## List the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | while IFS='|' read -r name text; do \
	printf '%-18s %s\n' "$$name" "$$text"; done

demo: install ## Fit an image on NumPy and JAX, carry the fits, and draw one (ARGS="--data DIR" for your own)
	$(BIN)/autoarray-state demo --out $(OUT) $(ARGS)

test: lint types pytest ## Lint, format, types and tests

lint: install-dev ## Check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: install-dev ## Rewrite the files in the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: install-dev ## Check the types of both packages
	$(BIN)/pyright --pythonpath $(BIN)/python

pytest: install-dev ## Run the tests (TESTS=path for some of them)
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(TESTS) $(ARGS)

# Without a network. A warning is an error, and every warning is shown.
docs: install-dev ## Build the documentation into build/docs
	$(BIN)/python -m sphinx --quiet --fail-on-warning --jobs auto docs build/docs
	@echo "Open build/docs/index.html"

bench: install-dev ## Measure the fit, the codec, the ways, the cache and the imports, beside the peer if `make peer` was run
	$(BIN)/python -m benchmarks fit $(PEER_ARGS) $(ARGS)
	$(BIN)/python -m benchmarks codec $(PEER_ARGS) $(ARGS)
	$(BIN)/python -m benchmarks transport $(PEER_ARGS) $(ARGS)
	$(BIN)/python -m benchmarks plotter $(PEER_ARGS) $(ARGS)
	$(BIN)/python -m benchmarks cache $(ARGS)
	$(BIN)/python -m benchmarks imports $(PEER_ARGS)

peer: ## Install PyAutoArray 2026.10.26.1 into an environment of its own, for the benchmarks
	PYTHON=$(PYTHON) bash benchmarks/peer_environment.sh $(PEER)

# An installation is repeated only when what it installs has changed. The development
# environment holds all that the demo needs, so that one after the other installs nothing twice.
install: $(VENV)/.installed
install-dev: $(VENV)/.installed-dev

$(VENV)/.created:
	@test -n "$(PYTHON)" || { echo "error: no Python 3.11 or newer was found; name one with PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: pyproject.toml | $(VENV)/.created
	@if [ $(VENV)/.installed-dev -nt pyproject.toml ]; then :; else \
	echo "Installing the project and what the demo needs into $(VENV) (some minutes the first time)"; \
	$(BIN)/python -m pip install --quiet --editable '.[demo]'; fi
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/.created
	@echo "Installing the project and its development tools into $(VENV) (some minutes the first time)"
	@$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

clean: ## Remove the environment and everything that was built
	rm -rf $(VENV) $(PEER) build dist demo .pytest_cache .ruff_cache .hypothesis *.egg-info
