# `make run` starts the app, `make test` tests it. Both need Python 3.11 or newer and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest

.DEFAULT_GOAL := venv
.PHONY: venv run test check bench content lint types browser mutants screenshots lock clean

venv: .venv/.run-ready ## the environment that the app and the terminal need

run: .venv/.run-ready ## the app, at the address that it prints
	$(BIN)/streamlit run app.py --server.address localhost

test: .venv/.dev-ready ## everything that needs no browser; under five minutes on two cores
	$(PYTEST) -q -n 2 -m "not browser"

check: lint types content browser ## the slower rest: style, types, content, the real browser

lint: .venv/.dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.dev-ready
	$(BIN)/basedpyright

content: .venv/.dev-ready ## lessons, banks and facts: dead links, unknown ids, missing sources, keys that differ
	$(BIN)/python -m lessons lint
	$(BIN)/python -m quizzes lint

browser: .venv/.dev-ready ## journeys, accessibility and secrecy in headless Chromium
	$(PYTEST) -q -n 2 --dist loadfile -m browser

mutants: .venv/.dev-ready ## small faults put into every room of the simulator: how many do its tests find? half an hour
	$(BIN)/python -m benchmarks.mutants

bench: .venv/.dev-ready ## every budget against its peer or floor, as a table
	$(BIN)/python -m benchmarks

screenshots: .venv/.dev-ready ## every page in build/screenshots, and the README's pictures, made from the real app
	$(BIN)/python -m docs.screenshots

lock: ## requirements*.txt from pyproject.toml, with hashes and without addresses
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --quiet --upgrade \
		pyproject.toml -o requirements.txt
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --quiet --upgrade \
		pyproject.toml --group dev -o requirements-dev.txt

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis .import_linter_cache .benchmarks

# uv is used where it is installed because it is quicker; pip does the same work from the same locked files.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Quayside needs Python 3.11 or newer; run make PYTHON=/path/to/python3.11 to name another one."; exit 1; }
	@if command -v uv >/dev/null; then uv venv --quiet --clear --python $(PYTHON) .venv; \
	elif $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then $(PYTHON) -m venv --clear .venv; \
	else echo "This Python cannot make a virtual environment; on Debian or Ubuntu run: sudo apt install python3-venv"; exit 1; fi

.venv/.run-ready: requirements.txt | .venv/bin/python
	$(call install,requirements.txt)
	@touch $@

.venv/.dev-ready: requirements-dev.txt | .venv/bin/python
	$(call install,requirements-dev.txt)
	@touch $@ .venv/.run-ready

define install
	@if command -v uv >/dev/null; then uv pip install --quiet --python .venv/bin/python --require-hashes -r $(1); \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); fi
endef
