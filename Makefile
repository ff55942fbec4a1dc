# Two commands do all the set-up on a fresh Debian or Ubuntu machine, as root:
#   make quickstart   runs the main job: formula to verified image
#   make test         runs every test, those that boot containers included
BIN := .venv/bin
FAST := not docker and not network and not slow

.DEFAULT_GOAL := help
.PHONY: help quickstart ks-jenkins test unit fmt lint type floors check golden cover bench clean prepare-test

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

quickstart: ## Prepare this machine and build, boot and verify the quickstart image
	@.ci/prepare run
	$(BIN)/jbuild image examples/quickstart/formula.yaml

ks-jenkins: ## Build and verify the Jenkins of KubeSphere; needs Jenkins' mirrors
	@.ci/prepare run
	$(BIN)/jbuild image formula.yaml

prepare-test:
	@.ci/prepare test

test: prepare-test ## Prepare this machine and run every test, containers included
	$(BIN)/pytest

unit: prepare-test ## Run the fast tests
	$(BIN)/pytest -m "$(FAST)"

fmt: prepare-test ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: prepare-test ## Check style
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

type: prepare-test ## Check types
	$(BIN)/mypy

floors: prepare-test ## Check who may import whom
	$(BIN)/lint-imports

check: lint type floors test ## All that CI runs

golden: prepare-test ## Rewrite the golden files; review the difference as code
	JBUILD_GOLDEN=write $(BIN)/pytest -m "$(FAST)" tests/unit tests/golden

cover: prepare-test ## Show which branches the fast tests leave dark
	$(BIN)/coverage run -m pytest -m "$(FAST)"
	$(BIN)/coverage report --show-missing --skip-covered

bench: prepare-test ## Measure the figures that the documentation names
	$(BIN)/jbuild lock examples/quickstart/formula.yaml
	$(BIN)/python benchmarks/war.py --lock examples/quickstart/formula.lock.json
	$(BIN)/python benchmarks/war.py
	PYTHONPATH=. $(BIN)/python benchmarks/image.py
	PYTHONPATH=. $(BIN)/python benchmarks/catalogue.py
	PYTHONPATH=. $(BIN)/python benchmarks/resolve.py
	PYTHONPATH=. $(BIN)/python benchmarks/fetch.py
	$(BIN)/python benchmarks/cli.py
	$(BIN)/jbuild image examples/quickstart/formula.yaml --no-verify --print ref
	$(BIN)/python benchmarks/verify.py jbuild/quickstart:dev --lock examples/quickstart/formula.lock.json

clean: ## Remove what was made here
	rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
