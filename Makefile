# Everything a newcomer needs: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WEB := src/comptroller/entrypoints/web
ASSETS := $(WEB)/static/vendor/.built
KITS ?= ../shared/data

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint conformance bench soak lock clean

help: ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(VENV)/.installed $(ASSETS) ## the virtual environment and the page's assets

$(VENV)/.installed: requirements.lock pyproject.toml
	@command -v uv >/dev/null 2>&1 || [ -x $(VENV)/tool/bin/uv ] || \
		{ $(PYTHON) -m venv $(VENV)/tool && $(VENV)/tool/bin/pip install --quiet uv; }
	@UV=$$(command -v uv || echo $(VENV)/tool/bin/uv); \
		[ -x $(BIN)/python ] || $$UV venv --quiet --allow-existing --python $(PYTHON) $(VENV); \
		$$UV pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock && \
		$$UV pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

$(ASSETS): $(WEB)/package.json $(WEB)/package-lock.json
	@cd $(WEB) && npm ci --silent --no-fund --no-audit && npm run --silent build
	@touch $@

demo: setup ## the main job on the embedded default, then the page (ARGS=--once does not serve)
	@$(BIN)/comptroller demo $(ARGS)

test: setup ## format, types, layers, tests
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

lint: setup ## format, rules, types, layers
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache >/dev/null || $(BIN)/lint-imports --no-cache

conformance: setup ## the outside kits under KITS; there a skip is a failure
	@CONFORMANCE_DATA=$(KITS) $(BIN)/python -m pytest -n auto -m conformance $(ARGS)

$(VENV)/.bench: requirements-bench.lock $(VENV)/.installed
	@UV=$$(command -v uv || echo $(VENV)/tool/bin/uv); \
		$$UV pip sync --quiet --python $(BIN)/python --require-hashes requirements-bench.lock && \
		$$UV pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

bench: setup $(VENV)/.bench ## NAME=throughput: figures beside a floor or peers in the same run (ARGS=--json)
	@$(BIN)/python -m bench.$(NAME) $(ARGS)

soak: setup $(if $(findstring fuzz,$(NAME)),$(VENV)/.bench) ## NAME=kill BUDGET=600: long runs with faults
	@$(BIN)/python -m tests.soak.$(subst -,_,$(NAME)) --budget $(or $(BUDGET),600) $(ARGS)

lock: ## resolve the dependencies anew
	@uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --extra platform --extra columnar \
		--extra dev --python-version 3.11 -o requirements.lock pyproject.toml
	@uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --extra platform --extra columnar \
		--extra dev --extra bench --extra distributed -c requirements.lock --python-version 3.11 -o requirements-bench.lock pyproject.toml

clean: ## forget the environment, the assets and the demonstration
	@rm -rf $(VENV) var $(WEB)/node_modules $(WEB)/static/vendor
