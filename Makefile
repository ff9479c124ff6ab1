# `make run`, `make test`, `make dev`: each installs what is missing first.

SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 3000
ORDERS ?= 100000 1000000 10000000
LARGEST ?= 100000000
BIN := .venv/bin
# Another company keeps its state by itself: what two companies land must not mix.
ifdef SOURCES
export TIERS_SOURCES := $(abspath $(SOURCES))
COMPANY := $(or $(filter-out sources,$(basename $(notdir $(SOURCES)))),$(notdir $(abspath $(dir $(SOURCES)))))
export TIERS_HOME := $(or $(TIERS_HOME),$(CURDIR)/data/companies/$(COMPANY))
endif
# Compiled code is what makes the second start quick.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install spark-setup spark-parity run dev test faults bench evaluate screenshots format schema lock audit clean
.PHONY: superset superset-dashboard superset-setup superset-lock

help:
	@echo "make run      install, run the daily job, print what it found and where it stands;"
	@echo "              SOURCES=FILE: of that source file, with its state under data/companies/NAME"
	@echo "              (the file's name, or its folder's if that is sources.yml) or in TIERS_HOME"
	@echo "make test     every check: style, types, definitions, tests"
	@echo "make bench    measure the daily job on generated companies, and write docs/PERFORMANCE.md;"
	@echo "              ORDERS=\"100000 1000000\" LARGEST=1000000 for less than the usual hour"
	@echo "make evaluate  test the forecasts on public data, and write docs/EVALUATION.md"
	@echo "make faults   break the daily job in every way of docs/RELIABILITY.md, and write its tables"
	@echo "make screenshots  the pictures of README.md, into docs/images (needs chromium)"
	@echo "make dev      the Dagster UI on http://127.0.0.1:$(PORT), with the daily schedule on;"
	@echo "              SOURCES=FILE as above"
	@echo "make superset-dashboard   the Superset dashboard over the release as a zip; with SUPERSET_URL,"
	@echo "              SUPERSET_USER and SUPERSET_PASSWORD it is imported there, too"
	@echo "make superset             a Superset of its own on http://127.0.0.1:8088, to look at it;"
	@echo "              SUPERSET_PASSWORD is to be that of its user admin"
	@echo "make install  only the environment, in .venv"
	@echo "make spark-setup  what TIERS_ENGINE=spark needs, beside Java (docs/spark.md)"
	@echo "make spark-parity  both examples on DuckDB and on a small cluster of Spark: are they the same?"
	@echo "make format   put Python and SQL in their usual form"
	@echo "make schema   write the JSON Schema of policy files, from which editors complete"
	@echo "make lock     pin every dependency anew (needs uv)"
	@echo "make audit    look the pinned packages up among known vulnerabilities (needs uv and the internet)"
	@echo "make clean    remove .venv and caches; what was landed and published stays"

run: install
	@$(BIN)/tiers run

# The UI has no login: it listens to this machine only. A reverse proxy with a login may stand before it.
dev: install
	@home=$$($(BIN)/tiers prepare) && DAGSTER_HOME="$$home" \
		$(BIN)/dagster dev --workspace workspace.yaml --host 127.0.0.1 --port $(PORT)

test: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfmt --check --quiet dbt_project
	@scratch=$$(mktemp -d) && export TIERS_HOME=$$scratch TIERS_SOURCES= TIERS_POLICY_DIR= && \
		home=$$($(BIN)/tiers prepare) && DAGSTER_HOME="$$home" \
		$(BIN)/dagster definitions validate --workspace workspace.yaml && rm -r $$scratch
	$(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

# An hour and 60 GB of disk with the usual sizes.
bench: install
	@$(BIN)/python -m bench.tiny
	@$(BIN)/python -m bench --orders $(ORDERS)
	@$(BIN)/python -m bench.limited --orders $(LARGEST)
	@$(BIN)/python -m bench.continued --orders $(LARGEST) --memory-limit 12GiB
	@$(BIN)/python -m bench.releasing --orders $(LARGEST)
	@$(BIN)/python -m bench.page

# Some minutes: each data set is built as of three days.
evaluate: install
	@$(BIN)/python -m bench.forecasts

# Takes hours: a run for nearly every line that is printed. PART=readers, faults or soak does a part.
faults: install
	@PYTHONPATH=.:tests $(BIN)/python tests/faults $(PART)

# Of the synthetic company, through the system's chromium.
screenshots: install
	@PYTHONPATH=.:tests $(BIN)/python tests/browser/write_screenshots.py

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfmt --quiet dbt_project

schema: install
	@$(BIN)/tiers policy schema dbt_project/policy

install: .venv/installed

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed. Name one: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "Python's venv module is needed; on Debian: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile \
		--require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--no-build-isolation --editable .
	-@$(BIN)/python -m compileall -qq -j 0 .venv/lib orchestration
	@$(BIN)/tiers prepare >/dev/null
	@touch $@

spark-setup: install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation \
		--require-hashes --requirement requirements-spark.lock
	-@$(BIN)/python -m compileall -qq .venv/lib
	@command -v java >/dev/null || { \
		echo "Java is missing, 17 or newer; on Debian: apt-get install openjdk-17-jre-headless"; exit 1; }
	@echo "Spark is ready: TIERS_ENGINE=spark $(BIN)/tiers run. See docs/spark.md."

# Some half an hour; prints the table of docs/spark.md.
spark-parity: spark-setup
	@PYTHONPATH=.:tests $(BIN)/python tests/spark/whole_examples.py

LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-strip-extras --custom-compile-command "make lock" --quiet

lock:
	$(LOCK) --extra dev --output-file requirements.lock
	$(LOCK) --extra dev --extra spark --constraints requirements.lock \
		--output-file requirements-spark.lock

superset-dashboard: install
	@$(BIN)/python -m bi.superset

superset: install superset-setup
	@$(BIN)/python -m bi.superset.server

# In an environment of its own: it needs older versions of what this project uses.
superset-setup: bi/superset/.venv/installed

bi/superset/.venv/installed: bi/superset/requirements.lock
	@$(PYTHON) -m venv bi/superset/.venv
	bi/superset/.venv/bin/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes --requirement bi/superset/requirements.lock
	@touch $@

superset-lock:
	uv pip compile bi/superset/requirements.in --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-annotate --no-strip-extras \
		--custom-compile-command "make superset-lock" --quiet \
		--output-file bi/superset/requirements.lock

# In an environment of its own: what audits is no part of what is audited.
audit:
	uvx pip-audit --requirement requirements.lock --require-hashes --disable-pip

clean:
	rm -rf .venv bi/superset/.venv build *.egg-info .mypy_cache .pytest_cache .ruff_cache dbt_project/target
