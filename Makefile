# Every target but help, lock and clean makes .venv on first use, from the exact versions in requirements.lock.
# It is made by uv where uv is on PATH (`make UV= …` does without), else by Python's own venv and pip.

.DEFAULT_GOAL := help
.PHONY: help reports test test-slow lab notebooks lessons check bench lock clean

BIN := .venv/bin
# The matrices here are small: threads of the linear algebra cost more than they give, several times over on few cores.
export OMP_NUM_THREADS ?= 1
# A process that may not keep what it compiles compiles every library anew, and reports and tests are many processes.
unexport PYTHONDONTWRITEBYTECODE
# Written last, so that a creation cut short is never taken for a finished one. It holds the PYTHON that was used:
# that is the default from then on, and a different one makes the environment anew.
STAMP := .venv/made-with
MADE_WITH := $(shell cat $(STAMP) 2>/dev/null)
PYTHON ?= $(or $(MADE_WITH),python3)
UV ?= $(shell command -v uv 2>/dev/null)

# Most of what is installed is never imported: compiling at first import instead of here takes a third off the wait.
# The pip of the lock goes first, since it needs half the time of the one that Debian 12 has.
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile

# In a temporary folder of its own, which goes with all that anything leaves there. A file's tests stay on one processor,
# for the cells of a notebook belong together.
PYTEST = export TMPDIR="$$(mktemp -d)"; trap 'rm -rf "$$TMPDIR"' EXIT; \
	$(BIN)/python -m pytest --numprocesses=auto --dist=loadfile --no-loadscope-reorder

# Syntax of Python 2 and up: it has to run on the Python that is too old.
define CHECK_PYTHON
import sys
name, found = "$(PYTHON)", "%d.%d" % sys.version_info[:2]
if sys.version_info < (3, 11):
    sys.exit("%s is Python %s, but Python 3.11 or later is needed: install one, and name it as in "
             "`PYTHON=python3.12 make reports`." % (name, found))
try:
    import ensurepip, venv
except ImportError:
    if not "$(UV)":
        sys.exit("%s has no venv or ensurepip module, which is needed to make .venv: install it with "
                 "`apt-get install python%s-venv` (Debian, Ubuntu), or install uv." % (name, found))
endef
export CHECK_PYTHON

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' Makefile

reports: $(STAMP)  ## build the HTML reports and the lessons' pages into reports/
	@$(BIN)/analysis build lessons
	@$(BIN)/analysis build

test: $(STAMP)  ## run the tests, and the notebooks against their committed outputs
	@$(PYTEST) -m "not slow"

test-slow: $(STAMP)  ## run the tests that take long: kills, real reports twice, the pages in a browser
	@$(PYTEST) -m slow

lab: $(STAMP)  ## open the notebooks in JupyterLab
	@$(BIN)/jupyter lab --ip=127.0.0.1 --notebook-dir=. $(if $(filter 0,$(shell id -u)),--allow-root)

notebooks: $(STAMP)  ## run the notebooks again in place
	@$(BIN)/analysis execute

lessons: $(STAMP)  ## write the students' notebooks of the lessons anew from the solutions
	@$(BIN)/analysis lessons

check: $(STAMP)  ## check the data, the notebooks, the code's style and which room imports which
	@$(BIN)/analysis check
	@$(BIN)/ruff check
	@$(BIN)/lint-imports

bench: $(STAMP)  ## measure how long reports take, against the naive way and plain Python
	@$(BIN)/python benchmarks/bench.py

lock:  ## fit requirements.lock to pyproject.toml, keeping what still fits (delete it first to renew all)
	@test -n "$(UV)" || { \
	  echo "uv is not on PATH, and only uv makes this lock: install it with \`pip install uv\`." >&2; exit 1; }
	@$(UV) pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --no-annotate \
	  --custom-compile-command "make lock" --extra test --group build pyproject.toml --output-file requirements.lock

clean:  ## remove what make made: the reports, the caches and .venv
	rm -rf .venv build src/*.egg-info .import_linter_cache .pytest_cache .ruff_cache .hypothesis reports/*.html reports/.built
	find src tests benchmarks notebooks \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

$(STAMP): pyproject.toml requirements.lock $(if $(filter-out $(PYTHON),$(MADE_WITH)),FORCE)
	@command -v "$(PYTHON)" >/dev/null || { \
	  echo "$(PYTHON) was not found, but Python 3.11 or later is needed: install it with" \
	    "\`apt-get install python3 python3-venv\` (Debian, Ubuntu), or name another as in" \
	    "\`PYTHON=python3.12 make reports\`." >&2; exit 1; }
	@"$(PYTHON)" -c "$$CHECK_PYTHON"
	@test "$(MADE_WITH)" = "$(PYTHON)" || rm -rf .venv
	@rm -f $(STAMP)
	@echo "Installing requirements.lock into .venv, which takes a minute or two the first time."
ifneq ($(UV),)
	@test -d .venv || $(UV) venv --quiet --python "$$("$(PYTHON)" -c 'import sys; print(sys.executable)')" .venv
	@$(UV) pip install --quiet --python $(BIN)/python --requirement requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
else
	@test -d .venv || "$(PYTHON)" -m venv .venv
	@$(PIP_INSTALL) "$$(grep '^pip==' requirements.lock)"
	@$(PIP_INSTALL) --requirement requirements.lock
	@$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
endif
	@echo "$(PYTHON)" > $(STAMP)

.PHONY: FORCE
FORCE:
