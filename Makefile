# Everything on a fresh machine with Python 3.11+ and make:
#   make ask Q="How does magnesium act on the NMDA receptor?"
#   make test
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := .venv-tools
LOCKED := -m pip install --quiet --require-hashes --no-deps --requirement
Q ?= How does magnesium act on the NMDA receptor?

SECONDS ?= 60

# A worker a core, for each builds and asks with a model of its own; what a worker has left to do is given to idle ones.
# Without these options, as in `pytest tests/index`, tests run in one process, which can be stopped and looked into.
WORKERS := -n auto --maxprocesses 8 --dist worksteal

.PHONY: ask app test test-unit test-full check audit lock bench endure fuzz clean help

help:
	@echo 'make ask Q="…"   answer a question of the corpus'
	@echo 'make app         open the page on this machine'
	@echo 'make test        run the tests, in the browser as well'
	@echo 'make test-unit   run those that need no model, no index and no process: in seconds'
	@echo 'make test-full   run the tests, each property on five times as many examples'
	@echo 'make check       lint, type-check, and hold imports against the rooms'
	@echo 'make audit       look up known vulnerabilities of what is locked'
	@echo 'make lock        lock what pyproject.toml asks for; UPGRADE=--upgrade takes the newest'
	@echo 'make bench       measure what people wait for, and write benchmarks/RESULTS.md; with DATA=… and'
	@echo '                 ENVIRONMENTS=… also corpora of up to a million passages, and the peers'
	@echo 'make endure      kill, damage and overload it, and write what was lost into benchmarks/RESULTS.md'
	@echo 'make fuzz SECONDS=60  change files and read them, so long for each format; needs atheris'
	@echo 'make clean       remove the virtual environment and the built index'

# A stamp a set of packages: a second run installs nothing. All comes from the locks, by hash, but for torch (locks/lock.py
# says why); then this package, built by what is installed and with no index, so that nothing unlocked can come along.
$(VENV)/.installed: pyproject.toml locks/ask.txt locks/torch.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(LOCKED) locks/ask.txt
	$(BIN)/python -m pip install --quiet --constraint locks/torch.txt torch
	$(BIN)/python -m pip install --quiet --no-index --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed locks/test.txt
	$(BIN)/python $(LOCKED) locks/test.txt
	$(BIN)/python -m pip install --quiet --no-index --no-build-isolation --editable '.[test]'
	@touch $@

$(TOOLS)/.installed: locks/tools.txt
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python $(LOCKED) locks/tools.txt
	@touch $@

export Q
ask: $(VENV)/.installed
	@$(BIN)/python -m rag query -- "$$Q"

app: $(VENV)/.installed
	$(BIN)/python -m streamlit run app.py

# Compiled modules are kept, wherever the environment says otherwise: tests start hundreds of processes that import them.
test test-unit test-full: export PYTHONDONTWRITEBYTECODE =

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest $(WORKERS)

test-unit: $(VENV)/.installed-test
	$(BIN)/python -m pytest $(WORKERS) tests/unit

test-full: $(VENV)/.installed-test
	$(BIN)/python -m pytest $(WORKERS) --hypothesis-profile=full

check: $(VENV)/.installed-test
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports --no-cache

audit: $(TOOLS)/.installed
	$(TOOLS)/bin/python locks/audit.py

lock: $(TOOLS)/.installed
	$(TOOLS)/bin/python locks/lock.py $(UPGRADE)

# DATA is a folder of the public evaluation sets, ENVIRONMENTS one to make the peers' environments in (10 GB).
bench: $(VENV)/.installed-test
	$(BIN)/python benchmarks/cold_question.py
	$(BIN)/python benchmarks/rebuild.py
	$(BIN)/python benchmarks/bulk_encoding.py
	$(BIN)/python benchmarks/page_speed.py
ifdef DATA
	$(BIN)/python benchmarks/scale.py $(DATA) --passages 1000 10000 100000 1000000
endif
ifdef ENVIRONMENTS
	$(BIN)/python benchmarks/peers.py --environments $(ENVIRONMENTS) --runs 9
endif

endure: $(VENV)/.installed-test
	$(BIN)/python benchmarks/endurance.py

$(VENV)/.installed-fuzz: $(VENV)/.installed-test
	$(BIN)/python -m pip install --quiet --editable '.[fuzz]'
	@touch $@

fuzz: $(VENV)/.installed-fuzz
	$(BIN)/python benchmarks/fuzz.py --seconds $(SECONDS)

clean:
	rm -rf $(VENV) $(TOOLS) index/current index/lock index/stat-cache.json index/encoders index/generations
