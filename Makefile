# Fundstelle: `make help` lists everything.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV ?= .venv
# Where PyTorch comes from. On Linux the registry's default build brings gigabytes for graphics
# cards; set TORCH_INDEX to PyTorch's CPU index (see pytorch.org) to avoid them.
TORCH ?= torch==2.13.0
TORCH_INDEX ?=
# Cases for `make eval`.
CASES ?= $(firstword $(wildcard ../shared/eval/dev.jsonl) eval/cases/dev.jsonl)

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
export HF_HUB_OFFLINE := 1
export TRANSFORMERS_OFFLINE := 1
export ANONYMIZED_TELEMETRY := False

.PHONY: help run test crash check format ingest serve eval bench screenshots clean

help: ## Diese Übersicht
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ingest serve ## Alles einrichten, einlesen und den Dienst starten (http://127.0.0.1:8000)

ingest: $(VENV)/.run ## Gesetze und Arbeitshilfen einlesen (nur Geändertes)
	@$(BIN)/fundstelle ingest

serve: $(VENV)/.run ## Den Dienst starten
	@$(BIN)/fundstelle serve

test: $(VENV)/.dev ## Alle Tests
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

crash: $(VENV)/.dev ## Einlesen an 50 zufälligen Stellen abbrechen (kill -9)
	$(BIN)/python -m pytest tests/ingest/test_crash.py --crashes 50

check: $(VENV)/.dev ## Form, Regeln, Typen, Schichten
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_layers.py

format: $(VENV)/.dev ## Form und einfache Regeln herstellen
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

eval: ingest $(VENV)/.dev ## Qualität messen (CASES=Datei)
	$(BIN)/fundstelle eval run --cases $(CASES)

bench: ingest $(VENV)/.dev ## Zeiten und Speicher messen
	$(BIN)/fundstelle eval bench
	$(BIN)/python -m tests.answer_times

screenshots: ingest $(VENV)/.dev ## Alle Seiten in Chromium aufnehmen (build/screenshots)
	$(BIN)/python -m tests.screenshots build/screenshots

clean: ## Umgebung, Index und Zwischenstände entfernen
	rm -rf $(VENV) var build .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info

$(VENV)/.torch: constraints.txt
	@echo "Umgebung wird eingerichtet ..."
	$(PYTHON) -m venv $(VENV)
	$(PIP) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) "$(TORCH)"
	@touch $@

$(VENV)/.run: $(VENV)/.torch pyproject.toml
	$(PIP) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	$(PIP) --editable ".[dev]"
	@touch $@
