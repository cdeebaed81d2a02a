# Everything on a fresh machine with Python 3.11+ and make:
#   make ask Q="How does magnesium act on the NMDA receptor?"
#   make test
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
Q ?= How does magnesium act on the NMDA receptor?

SECONDS ?= 60

.PHONY: ask app test check bench fuzz clean help

help:
	@echo 'make ask Q="…"   answer a question of the corpus'
	@echo 'make app         open the page on this machine'
	@echo 'make test        run the tests'
	@echo 'make check       lint and type-check'
	@echo 'make bench       measure a cold question and builds, and write benchmarks/RESULTS.md'
	@echo 'make fuzz SECONDS=60  change files and read them, so long for each format; needs atheris'
	@echo 'make clean       remove the virtual environment and the built index'

# A stamp a set of packages: a second run installs nothing.
$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@

export Q
ask: $(VENV)/.installed
	@$(BIN)/python -m rag query -- "$$Q"

app: $(VENV)/.installed
	$(BIN)/python -m streamlit run app.py

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest

check: $(VENV)/.installed-test
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

bench: $(VENV)/.installed-test
	$(BIN)/python benchmarks/cold_question.py
	$(BIN)/python benchmarks/rebuild.py

$(VENV)/.installed-fuzz: $(VENV)/.installed-test
	$(BIN)/python -m pip install --quiet --editable '.[fuzz]'
	@touch $@

fuzz: $(VENV)/.installed-fuzz
	$(BIN)/python benchmarks/fuzz.py --seconds $(SECONDS)

clean:
	rm -rf $(VENV) index/current index/lock index/stat-cache.json index/encoders index/generations
