# Every target but help, lock and clean has tools/environment.py make .venv from the exact versions in requirements.lock,
# unless it is what it has to be: by uv where uv is on PATH (`make UV= …` does without), else by Python's venv and pip.
# What needs no test and no JupyterLab is content with less.

.DEFAULT_GOAL := help
.PHONY: help reports test test-slow lab notebooks lessons class pictures check bench lock clean

BIN := .venv/bin
# The matrices here are small: threads of the linear algebra cost more than they give, several times over on few cores.
export OMP_NUM_THREADS ?= 1
# It holds the PYTHON that was used, which is the default from then on; another one makes the environment anew.
STAMP := .venv/made-with
LEAN := .venv/for-reports
PYTHON ?= $(or $(shell sed -n 1p $(STAMP) 2>/dev/null),python3)
UV ?= $(shell command -v uv 2>/dev/null)
# What a user has set for Python in general is not for this project: other modules, warnings, no assertions.
unexport $(filter PYTHON%,$(.VARIABLES))

# In a temporary folder of its own, which goes with all that anything leaves there. A file's tests stay on one processor,
# for the cells of a notebook belong together.
PYTEST = export TMPDIR="$$(mktemp -d)"; trap 'rm -rf "$$TMPDIR"' EXIT; \
	$(BIN)/python -m pytest --numprocesses=auto --dist=loadfile --no-loadscope-reorder

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' Makefile

reports: $(LEAN)  ## build the HTML reports and the lessons' pages into reports/
	@$(BIN)/analysis build lessons solutions
	@$(BIN)/analysis build

test: $(STAMP)  ## run the tests, and the notebooks against their committed outputs
	@$(PYTEST) -m "not slow"

test-slow: $(STAMP)  ## run the tests that take long: kills, real reports twice, the pages in a browser
	@$(PYTEST) -m slow

lab: $(STAMP)  ## open the notebooks in JupyterLab
	@$(BIN)/jupyter lab --config=tools/lab_config.py --ip=127.0.0.1 --notebook-dir=. $(if $(filter 0,$(shell id -u)),--allow-root)

notebooks: $(STAMP)  ## run the notebooks again in place
	@$(BIN)/analysis execute

lessons: $(LEAN)  ## write the students' notebooks of the lessons anew from the solutions
	@$(BIN)/analysis lessons

class: $(LEAN)  ## write the lessons as one archive to hand out, build/kz-ru-lessons.zip
	@$(BIN)/analysis class-pack

pictures: reports  ## write the README's pictures anew from the reports
	@$(BIN)/analysis pictures

check: $(STAMP)  ## check the data, the notebooks, the code's style and which room imports which
	@$(BIN)/analysis check
	@$(BIN)/ruff check
	@$(BIN)/lint-imports

bench: $(STAMP)  ## measure how long reports take, against the naive way, plain Python and AGAINST=another checkout
	@$(BIN)/python benchmarks/bench.py $(if $(AGAINST),--against "$(AGAINST)")

lock:  ## fit requirements.lock to pyproject.toml, keeping what still fits (delete it first to renew all)
	@test -n "$(UV)" || { \
	  echo "uv is not on PATH, and only uv makes this lock: install it with \`pip install uv\`." >&2; exit 1; }
	@$(UV) pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --no-annotate \
	  --custom-compile-command "make lock" --extra test --group build pyproject.toml --output-file requirements.lock

clean:  ## remove what make made: the reports, the caches and .venv
	rm -rf .venv .kept build src/*.egg-info .import_linter_cache .pytest_cache .ruff_cache .hypothesis reports/*.html reports/*.xlsx reports/solutions reports/.built
	find src tests benchmarks notebooks \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

# The environment with all packages, or with those that the reports need.
.PHONY: $(STAMP) $(LEAN)
$(STAMP): PACKAGES = all
$(LEAN): PACKAGES = reports
$(STAMP) $(LEAN):
	@command -v "$(PYTHON)" >/dev/null || { \
	  echo "$(PYTHON) was not found, but Python 3.11 or later is needed: install it with" \
	    "\`apt-get install python3 python3-venv\` (Debian, Ubuntu), or name another as in" \
	    "\`PYTHON=python3.12 make reports\`." >&2; exit 1; }
	@"$(PYTHON)" -E -s tools/environment.py "$(PYTHON)" "$(UV)" $(PACKAGES)
