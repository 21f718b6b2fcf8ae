# The project in its own environment. `make` lists what there is; a machine needs only Python 3.11 or newer.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VENV ?= .venv
BIN := $(VENV)/bin
OUT ?= demo
TESTS ?= tests
ARGS ?=
SEED ?= 0
PEER ?= .peer
READER := readers/javascript
PEER_ARGS = $(if $(wildcard $(PEER)/bin/python),--peer $(PEER)/bin/python)

# The interpreter of a version, on the PATH or among those of pyenv; nothing where there is none.
VERSIONS := 3.11 3.12 3.13 3.14
interpreter = $(shell for candidate in python$(1) "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/$(1).*/bin/python; do \
	if $$candidate -c '' 2>/dev/null; then command -v $$candidate; break; fi; done)

# The oldest interpreter that is new enough, unless PYTHON names one. It makes the environment VENV.
PYTHON ?= $(shell for candidate in $(foreach version,$(VERSIONS),$(call interpreter,$(version))) python3 python; do \
	if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then command -v $$candidate; break; fi; done)

# The newest free-threaded interpreter.
FREE_THREADED ?= $(firstword $(foreach version,3.14t 3.13t,$(call interpreter,$(version))))

# The versions that this machine has, the oldest first, and that of PYTHON.
FOUND = $(foreach version,$(VERSIONS),$(if $(call interpreter,$(version)),$(version)))
CHOSEN = $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')

.PHONY: wheels beside help demo test test-all test-lowest test-processors test-free-threaded fuzz check lint format types pytest docs sdist-test bench peer drop-in drop-out autolens autolens-suites install install-dev clean

help: ## List the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | while IFS='|' read -r name text; do \
	printf '%-18s %s\n' "$$name" "$$text"; done

demo: install ## Fit an image on NumPy and JAX, carry the fits, and draw one (ARGS="--data DIR" for your own)
	$(BIN)/autoarray-state demo --out $(OUT) $(ARGS)

test: check ## `make check` on the oldest Python here (3.11 or newer)

test-all: check ## `make check` on every Python here, and `make test-lowest`
	@for version in $(filter-out $(CHOSEN),$(FOUND)); do $(MAKE) check-$$version; done
	@$(MAKE) test-lowest

# Each version has an environment of its own.
check-%:
	@$(MAKE) check VENV=.venv-$* PYTHON=$(call interpreter,$*)

check: lint types pytest ## Lint, format, types and tests on one Python (PYTHON=python3.13 VENV=.venv-3.13)

test-lowest: .venv-lowest/.installed ## Run the tests on the oldest core dependencies that pyproject.toml allows
	.venv-lowest/bin/python -m pytest --numprocesses auto --dist loadfile $(TESTS) $(ARGS)

sdist-test: install-dev ## Build the source distribution, and run its tests from an unpacked copy
	rm -rf build/sdist *.egg-info
	$(BIN)/python -m build --sdist --no-isolation --outdir build/sdist
	tar --extract --gzip --file build/sdist/*.tar.gz --directory build/sdist --strip-components 1
	$(MAKE) --directory build/sdist pytest VENV=.venv PYTHON=$(abspath $(BIN)/python)

test-processors: install-dev ## Run the numerical tests as other processors compute: kernels, instructions, threads
	$(BIN)/python -m tests.processors $(ARGS)

test-free-threaded: .venv-free-threaded/.installed ## Run the tests of threads on a Python without a global interpreter lock
	.venv-free-threaded/bin/python -m pytest tests/test_free_threaded.py tests/autoarray/test_threads.py tests/serialization/test_threads.py $(ARGS)

fuzz: install-dev ## Read a million payloads that are almost right (SEED=1 ARGS="--minutes 60 --count 100000000" for an hour)
	$(BIN)/python -m tests.fuzz --seed $(SEED) $(ARGS)

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

wheels: install-dev ## Build both wheels into dist: autoarray-portable, and serialization alone for beside PyAutoArray
	$(BIN)/python -m wheels

# An environment with PyAutoArray that this makes, or one that BESIDE names. Everything runs outside of the repository's
# root, so that the packages are the installed ones.
BESIDE ?= .beside
beside: install-dev ## Run the tests of serialization beside PyAutoArray, from its wheel (BESIDE=DIR for an environment)
	@test -x $(BESIDE)/bin/python || PYTHON=$(PYTHON) bash benchmarks/peer_environment.sh $(BESIDE)
	$(BIN)/python -m wheels --alone --out build/beside
	$(BIN)/python -m pip --python $(BESIDE)/bin/python install --quiet --upgrade pytest msgpack xxhash
	$(BIN)/python -m pip --python $(BESIDE)/bin/python install --quiet --no-deps --force-reinstall build/beside/*.whl
	cd tests/beside && JAX_ENABLE_X64=1 $(abspath $(BESIDE))/bin/python -m pytest -c pytest.ini $(ARGS)

# What is at work on an environment with PyAutoLens needs no other: it is the standard library of PYTHON.
define named
	@test "$(origin VENV)" != file || { echo "error: name an environment with PyAutoLens: make $@ VENV=path" >&2; exit 1; }
endef

drop-in: ## Put this project in place of PyAutoArray in an environment with PyAutoLens (VENV=path)
	$(named)
	@$(PYTHON) clients/installation.py drop-in $(VENV)

drop-out: ## Put PyAutoArray back in an environment that had `make drop-in` (VENV=path)
	$(named)
	@$(PYTHON) clients/installation.py drop-out $(VENV)

AUTOLENS := .venv-autolens
THEIRS := .venv-pyautoarray

autolens: $(AUTOLENS)/.installed ## Install PyAutoLens, put this project in place of PyAutoArray there, and run tests/autolens
	@$(PYTHON) clients/installation.py drop-in $(AUTOLENS)
	$(AUTOLENS)/bin/python -m pytest --numprocesses auto --dist loadfile tests/autolens $(ARGS)

autolens-suites: $(AUTOLENS)/.installed $(THEIRS)/.installed ## Run the tests of PyAutoArray, PyAutoGalaxy and PyAutoLens on both (SUITES=folder with their checkouts)
	@test -n "$(SUITES)" || { echo "error: name the folder with checkouts of PyAutoArray, PyAutoGalaxy and PyAutoLens: make $@ SUITES=folder" >&2; exit 1; }
	@$(PYTHON) clients/installation.py drop-in $(AUTOLENS)
	$(PYTHON) -m clients.suites --ours $(AUTOLENS)/bin/python --theirs $(THEIRS)/bin/python $(ARGS) $(SUITES)

# The oldest interpreter that PyAutoLens accepts.
AUTOLENS_PYTHON ?= $(firstword $(foreach version,$(filter-out 3.11,$(VERSIONS)),$(call interpreter,$(version))))

# Two environments that differ in nothing but `autoarray`.
$(AUTOLENS)/.installed $(THEIRS)/.installed: %/.installed: clients/requirements.txt
	@test -n "$(AUTOLENS_PYTHON)" || { echo "error: no Python 3.12 or newer was found; name one with AUTOLENS_PYTHON=/path/to/python" >&2; exit 1; }
	@echo "Installing PyAutoLens into $* (some minutes the first time)"
	@$(AUTOLENS_PYTHON) -m venv --clear $*
	@$*/bin/python -m pip install --quiet --requirement clients/requirements.txt
	@touch $@

# The first pip that installs dependency groups.
PIP := pip>=25.1

# The lower bound of each core dependency as the one version to take.
LOWEST := import tomllib; \
	needs = tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"]; \
	print(*(need.replace(">=", "==") for need in needs), sep="\n")

# An installation is repeated only when what it installs has changed. The development
# environment holds all that the demo needs, so that one after the other installs nothing twice.
install: $(VENV)/.installed
install-dev: $(VENV)/.installed-dev $(READER)/node_modules/.package-lock.json

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
	@$(BIN)/python -m pip install --quiet '$(PIP)'
	@$(BIN)/python -m pip install --quiet --group dev --editable '.[all]'
	@touch $@

# What npm writes last. Without npm the tests of the reader are skipped, and say so.
$(READER)/node_modules/.package-lock.json: $(READER)/package-lock.json
	@if command -v npm > /dev/null; then echo "Installing the package of $(READER)"; \
	npm ci --prefix $(READER) --no-audit --no-fund --silent; touch $@; \
	else echo "npm is not on the PATH: the tests of $(READER) are skipped"; fi

.venv-lowest/.installed: pyproject.toml
	@echo "Installing the project and the oldest of its core dependencies into .venv-lowest (some minutes the first time)"
	@$(PYTHON) -m venv .venv-lowest
	@.venv-lowest/bin/python -m pip install --quiet '$(PIP)'
	@.venv-lowest/bin/python -c '$(LOWEST)' > .venv-lowest/constraints.txt
	@.venv-lowest/bin/python -m pip install --quiet --only-binary numpy,scipy --constraint .venv-lowest/constraints.txt \
	--group test --editable '.[all]'
	@touch $@

.venv-free-threaded/.installed: pyproject.toml
	@test -n "$(FREE_THREADED)" || { echo "error: no free-threaded Python was found; name one with FREE_THREADED=/path/to/python3.14t" >&2; exit 1; }
	@echo "Installing the project and what the tests of threads need into .venv-free-threaded (some minutes the first time)"
	@$(FREE_THREADED) -m venv .venv-free-threaded
	@.venv-free-threaded/bin/python -m pip install --quiet --prefer-binary pytest hypothesis --editable '.[jax,cache]'
	@touch $@

clean: ## Remove the environment and everything that was built
	rm -rf $(VENV) .venv-* $(PEER) $(BESIDE) $(READER)/node_modules build dist demo .pytest_cache .ruff_cache .hypothesis *.egg-info
