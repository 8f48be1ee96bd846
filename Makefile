# One command per chore. A stamp in .venv and node_modules remembers what is installed:
# a second run installs nothing, unless pyproject.toml, constraints.txt or the lock file changed.
#
#   PYTHON=python3.12       the interpreter that .venv is made with
#   PIP_ARGS="…"            options for pip, e.g. --extra-index-url of PyTorch's CPU builds (CONTRIBUTING)
#   LAB_ARGS="--port 9999"  options for JupyterLab
#   PYTEST_ARGS="-k steer"  options for pytest
#   WORKERS=4               processes that run tests

SHELL := /bin/sh
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?=
PIP_ARGS ?=
LAB_ARGS ?=
PYTEST_ARGS ?=
WORKERS ?= 2

# torch's threads wait without spinning, which is slow where cores are shared
export OMP_WAIT_POLICY ?= PASSIVE

BIN := .venv/bin
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm --prefix widgets
NOTEBOOKS = $(wildcard notebooks/*.ipynb)
OR_NONE = || test $$? -eq 5
say = @printf '== %s\n'

.PHONY: help lab test check format widgets constraints binder clean \
	lint notebooks-stripped widgets-test widgets-fresh chromium

help: ## list these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

lab: .venv/.lab ## install what is needed and open JupyterLab on the tour
	@$(BIN)/python -m workbench lab --in-place -- $(LAB_ARGS)

# ---------------------------------------------------------------- checks

test: .venv/.test chromium lint notebooks-stripped widgets-test widgets-fresh ## everything that CI runs
	$(say) "tests and doctests"
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not e2e" tests workbench widgets/workbench_widgets $(PYTEST_ARGS) $(OR_NONE)
	$(say) "every notebook in a real JupyterLab and a real browser"
	@CHROMIUM="$$(tools/chromium.sh)" OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal tests/e2e/test_notebooks.py $(PYTEST_ARGS) $(OR_NONE)
	$(say) "what hands do there: one after another, for each wants the whole machine"
	@CHROMIUM="$$(tools/chromium.sh)" $(BIN)/python -m pytest tests/e2e --ignore tests/e2e/test_notebooks.py $(PYTEST_ARGS) $(OR_NONE)

check: .venv/.test lint widgets-test ## the fast part of it, in less than a minute
	$(say) "fast tests and doctests"
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -m "not slow and not e2e" $(PYTEST_ARGS)

lint: .venv/.test
	$(say) "ruff: lint and format, notebooks too"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

notebooks-stripped: .venv/.test
	$(say) "notebooks carry no outputs"
	@test -z "$(NOTEBOOKS)" || $(BIN)/nbstripout --verify --keep-id $(NOTEBOOKS) \
		|| { echo "make format strips them" >&2; exit 1; }

widgets-test: widgets/node_modules/.installed
	$(say) "widgets: types and unit tests"
	@$(NPM) run --silent typecheck
	@$(NPM) run --silent test

widgets-fresh: widgets
	$(say) "widgets: the committed bundles are what the sources build"
	@git diff --exit-code -- widgets/workbench_widgets/static
	@test -z "$$(git ls-files --others --exclude-standard widgets/workbench_widgets/static)" \
		|| { echo "bundles that are not committed:" >&2; git ls-files --others widgets/workbench_widgets/static >&2; exit 1; }

# ---------------------------------------------------------------- chores

format: .venv/.test ## format the code, fix what ruff can, strip the notebooks
	$(say) "formatting, and stripping notebooks"
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@test -z "$(NOTEBOOKS)" || $(BIN)/nbstripout --keep-id $(NOTEBOOKS)

widgets: widgets/node_modules/.installed ## rebuild the widgets' bundles
	$(say) "widgets: building the bundles"
	@$(NPM) run --silent build

constraints: .venv/.test ## pin what .venv holds now
	$(say) "writing constraints.txt"
	@{ sed -n '/^#/p' constraints.txt; \
		$(BIN)/pip freeze --exclude-editable | sed 's/+cpu$$//'; } > constraints.new
	@mv constraints.new constraints.txt

binder: ## repeat Binder's steps in an empty folder and measure the tour's memory
	@$(or $(PYTHON),python3) tools/binder_check.py

clean: ## delete what can be made again
	$(say) "deleting .venv, node_modules, builds and caches"
	@rm -rf .venv dist widgets/node_modules .pytest_cache .ruff_cache constraints.new
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---------------------------------------------------------------- set-up

.venv/bin/python:
	@tools/venv.sh "$(PYTHON)"

.venv/.lab .venv/.test: .venv/.%: .venv/bin/python pyproject.toml constraints.txt
	$(say) "installing the workbench with its '$*' extra (minutes the first time)"
	@$(BIN)/python -m pip install --quiet -c constraints.txt $(PIP_ARGS) -e ".[$*]"
	@touch $@

chromium:
	@tools/chromium.sh > /dev/null

widgets/node_modules/.installed: widgets/package.json widgets/package-lock.json .venv/.test
	$(say) "widgets: npm ci"
	@$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@
