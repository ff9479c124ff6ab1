# `make run`, `make test`, `make dev`: each installs what is missing first.

SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 3000
ORDERS ?= 1000000
BIN := .venv/bin
# Another company keeps its state by itself: what two companies land must not mix.
ifdef SOURCES
export TIERS_SOURCES := $(abspath $(SOURCES))
COMPANY := $(or $(filter-out sources,$(basename $(notdir $(SOURCES)))),$(notdir $(abspath $(dir $(SOURCES)))))
export TIERS_HOME := $(or $(TIERS_HOME),$(CURDIR)/data/companies/$(COMPANY))
endif
# Compiled code is what makes the second start quick.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install spark-setup run dev test faults bench format schema lock audit clean

help:
	@echo "make run      install, run the daily job, print what it found and where it stands;"
	@echo "              SOURCES=FILE: of that source file, with its state under data/companies/NAME"
	@echo "              (the file's name, or its folder's if that is sources.yml) or in TIERS_HOME"
	@echo "make test     every check: style, types, definitions, tests"
	@echo "make bench    measure the daily job on a generated company; ORDERS=10000000 for a larger one"
	@echo "make faults   break the daily job in every way of docs/RELIABILITY.md, and write its tables"
	@echo "make dev      the Dagster UI on http://127.0.0.1:$(PORT), with the daily schedule on;"
	@echo "              SOURCES=FILE as above"
	@echo "make install  only the environment, in .venv"
	@echo "make spark-setup  what TIERS_ENGINE=spark needs, beside Java (docs/spark.md)"
	@echo "make format   put Python and SQL in their usual form"
	@echo "make schema   write the JSON Schema of policy files, from which editors complete"
	@echo "make lock     pin every dependency anew (needs uv)"
	@echo "make audit    look the pinned packages up among known vulnerabilities (needs uv and the internet)"
	@echo "make clean    remove .venv and caches; what was landed and published stays"

run: install
	@$(BIN)/tiers run

# The UI has no login: it listens to this machine only. A reverse proxy with a login may stand before it.
dev: install
	@DAGSTER_HOME="$$($(BIN)/tiers prepare)" \
		$(BIN)/dagster dev --workspace workspace.yaml --host 127.0.0.1 --port $(PORT)

test: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfmt --check --quiet dbt_project
	@scratch=$$(mktemp -d) && export TIERS_HOME=$$scratch TIERS_SOURCES= TIERS_POLICY_DIR= && \
		DAGSTER_HOME="$$($(BIN)/tiers prepare)" \
		$(BIN)/dagster definitions validate --workspace workspace.yaml && rm -r $$scratch
	$(BIN)/pytest --numprocesses auto --dist loadfile

bench: install
	@$(BIN)/python -m bench --orders $(ORDERS)

# Takes hours: a run for nearly every line that is printed. PART=readers, faults or soak does a part.
faults: install
	@PYTHONPATH=.:tests $(BIN)/python tests/faults $(PART)

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

LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-strip-extras --custom-compile-command "make lock" --quiet

lock:
	$(LOCK) --extra dev --output-file requirements.lock
	$(LOCK) --extra dev --extra spark --constraints requirements.lock \
		--output-file requirements-spark.lock

# In an environment of its own: what audits is no part of what is audited.
audit:
	uvx pip-audit --requirement requirements.lock --require-hashes --disable-pip

clean:
	rm -rf .venv build *.egg-info .mypy_cache .pytest_cache .ruff_cache dbt_project/target
