# Every target explains itself: `make` lists them.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help bootstrap demo down check test lint unit integration telephony e2e bench walk format clean

BIN := .venv/bin
ARGS ?=

# Images of containers like to set it. Then each of the hundreds of processes that the tests start would
# compile whatever it imports, and forget it again: `bootstrap.sh` leaves the packages uncompiled.
unexport PYTHONDONTWRITEBYTECODE

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "%-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

bootstrap: ## Install what is missing: Debian packages, .venv, PBX, prompts, front end
	@./bootstrap.sh

demo: bootstrap ## Play one citizen's story on this machine; ARGS="--once --say 路灯坏了"
	@$(BIN)/hotline demo $(ARGS)

down: ## Stop the hotline that runs on this machine
	@$(BIN)/hotline down $(ARGS)

check: ## Say what is wrong with this installation, and how to mend it
	@$(BIN)/hotline check

test: bootstrap lint ## Run every check and every test
	@tests/run.sh

# Loading every test leaves them compiled for the processes that run them.
lint: ## Check style, types, the direction of imports, and that every test loads
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	@printf '%s\n' 'mypy -n 2' lint-imports 'pytest --collect-only -q | grep -v ::' | \
		xargs -P 2 -I {} bash -o pipefail -c 'echo "$(BIN)/{}"; $(BIN)/{}'

unit: ## Run the unit tests
	$(BIN)/pytest -n 2 --dist loadfile tests/unit

integration: ## Run the tests on both databases
	$(BIN)/pytest -n 2 --dist loadfile tests/integration

telephony: ## Run the tests on a private Asterisk
	$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder tests/telephony

e2e: ## Run the tests in a browser
	$(BIN)/pytest tests/e2e

bench: ## Measure, and print each figure against its limit
	@missed=0; for script in benchmarks/[a-z]*.py; do name=$$(basename "$$script" .py); echo "== $$name"; $(BIN)/python -m "benchmarks.$$name" || missed=1; done; exit $$missed

walk: ## Walk random moves through the life of tickets; ARGS="1000000 7" for a million by seed 7
	@$(BIN)/python -m benchmarks.walk $(ARGS)

format: ## Put the code into its format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean: ## Remove caches and build outputs; state in var/ and recordings stay
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build dist agent_console/static/build
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
