# Two commands for everybody: `make demo` to try it, `make test` to check it. See README.md.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
WORKERS ?= $(shell n=$$(nproc 2>/dev/null || echo 2); [ $$n -gt 8 ] && echo 8 || echo $$n)

.PHONY: demo install serve test lint unit bench lock messages clean

demo: install          ## try it: a demonstration state on http://127.0.0.1:$(PORT)
	@PORT=$(PORT) $(BIN)/consult demo

serve: install         ## serve what is in the data folder
	@PORT=$(PORT) $(BIN)/consult serve

install: $(VENV)/.installed

$(VENV)/.installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked packages (once) ..."
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed requirements-dev.lock
	@echo "Installing what the tests need (once) ..."
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

test: $(VENV)/.tested  ## every check, as CI runs it
	@sh tests/browser/install.sh
	@sh tests/oidc/install.sh
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory unit

lint: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/djlint --quiet --lint templates

unit: $(VENV)/.tested
	$(BIN)/pytest -n $(WORKERS) --ignore tests/browser
	$(BIN)/pytest tests/browser # apart: the browser's event loop would be in the others' way

bench: $(VENV)/.tested ## print the numbers of README.md; takes minutes
	$(BIN)/python -m tests.bench

messages: $(VENV)/.tested ## collect the sentences of the interface into the catalogues
	$(BIN)/python -m consult.i18n.collect

lock:                  ## resolve the dependencies anew (needs uv)
	uv pip compile pyproject.toml --extra postgres --group build $(LOCKING) -o requirements.lock
	uv pip compile pyproject.toml --extra postgres --group build --group dev $(LOCKING) \
	  -c requirements.lock -o requirements-dev.lock
LOCKING := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
