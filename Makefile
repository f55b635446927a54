# `make help` lists what there is. Everything is set up in .venv; nothing outside this folder is touched.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
INSTALL := $(PIP) install --constraint constraints.txt
JOBS   ?= auto

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev report test test-long mutants lint notebooks lab preview docs map bench tune clean

help:  ## what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "greenreport needs Python 3.11 or later; set PYTHON=/path/to/python3.11"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up $(VENV) (once; a minute or two) …"
	@$(INSTALL) hatchling editables
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(VENV)/.ready-test: $(VENV)/.ready
	@$(INSTALL) --no-build-isolation --editable '.[test]'
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready-test
	@$(INSTALL) --no-build-isolation --editable '.[dev,store,dask]'
	@touch $@

# Quarto's package fetches its binary from a code host while it installs. One try; the built-in engine does without.
$(VENV)/.tried-quarto: $(VENV)/.ready
	@if command -v quarto >/dev/null; then echo "Quarto: $$(command -v quarto)"; \
	elif timeout 180 $(INSTALL) --timeout 15 --retries 0 quarto-cli >/dev/null 2>&1; then echo "Quarto: installed in $(VENV)"; \
	else echo "Quarto cannot be had here; the built-in engine renders the reports."; fi
	@touch $@

setup: $(VENV)/.ready  ## install the project into .venv

setup-dev: $(VENV)/.ready-dev  ## install everything a developer needs

report: $(VENV)/.ready $(VENV)/.tried-quarto  ## build the reports of real and of demonstration data
	@$(BIN)/greenreport build params/public.yaml --jobs $(JOBS)
	@$(BIN)/greenreport build params/eu-renewables.yaml --jobs $(JOBS)
	@$(BIN)/greenreport build params/demo.yaml --jobs $(JOBS)
	@echo
	@echo "Open in a browser:"
	@echo "  reports/public/site/index.html   real figures, with their gaps"
	@echo "  reports/eu-renewables/site/index.html   another plan, all figures real: renewables in 27 countries"
	@echo "  reports/demo/site/index.html     demonstration data: the whole mid-term set"

test: $(VENV)/.ready-test  ## all tests, nbval on every notebook included
	$(BIN)/python -m pytest -n 2 --dist loadfile -m 'not long' --cov=greenreport --cov-report= --cov-fail-under=90 tests
	$(BIN)/python -m pytest -n 2 --dist loadfile --nbval --nbval-sanitize-with tests/nbval.cfg --nbval-cell-timeout 300 notebooks

test-long: $(VENV)/.ready-dev  ## the long tests: kill loops, scale, browsers, fuzzing
	$(BIN)/python -m pytest -m long tests

SAMPLE ?= 160

mutants: $(VENV)/.ready-test  ## do the tests notice? small faults, one at a time, in four rooms (an hour)
	@$(INSTALL) --no-build-isolation --editable '.[mutants]'
	@for room in progress observations forecast assess; do \
	  $(BIN)/python benchmarks/mutants.py $$room --sample $(SAMPLE) || exit 1; done

lint: $(VENV)/.ready-dev  ## style, strict types, direction of imports, spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/codespell src docs benchmarks README.md CONTRIBUTING.md CHANGELOG.md

notebooks: $(VENV)/.ready  ## run the committed notebooks again, in place
	$(BIN)/greenreport notebooks

lab: $(VENV)/.ready  ## open the notebooks in JupyterLab
	@$(INSTALL) --no-build-isolation --editable '.[lab]'
	$(BIN)/jupyter lab notebooks

preview: $(VENV)/.ready  ## quarto preview of the notebooks, where Quarto is installed
	QUARTO_PYTHON=$(abspath $(BIN)/python) quarto preview

map: $(VENV)/.ready-dev  ## draw the packages and their imports again: docs/images/map.svg
	$(BIN)/python docs/map.py

docs: $(VENV)/.ready-dev  ## build the documentation as a site: reports/docs/index.html
	$(BIN)/python -m greenreport.schemas docs/schemas
	$(BIN)/mkdocs build --quiet --strict

bench: $(VENV)/.ready-dev  ## all benchmarks: forecasts, runs, intake (an hour)
	@$(INSTALL) --no-build-isolation --editable '.[bench]'
	$(BIN)/python benchmarks/forecast.py --diagram docs/forecast-reliability.svg
	$(BIN)/python benchmarks/forecast.py --places
	$(BIN)/python benchmarks/thin.py
	$(BIN)/python benchmarks/past_plans.py --data data/past-plans
	$(BIN)/python benchmarks/forecast_counts.py
	$(BIN)/python benchmarks/forecast_counts.py --thin
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/intake.py

tune: $(VENV)/.ready  ## learn the forecast's constants again, on the tuning half only, and what past plans teach
	@$(INSTALL) --no-build-isolation --editable '.[bench]'
	$(BIN)/python benchmarks/forecast_tune.py
	$(BIN)/python benchmarks/path_tune.py
	$(BIN)/python benchmarks/past_plans.py --data data/past-plans --learn \
	  --record src/greenreport/assess/track_record.csv

clean:  ## remove what was built, keep .venv
	rm -rf reports/*/ .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis
