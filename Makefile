# Everything runs in .venv, made on first use from the hashed lock; only that needs the network.
STUDY ?= bright-path
CORES ?= all
RUN_WORKFLOW = .venv/bin/alongside run $(STUDY) --cores $(CORES)
SOURCES = workflow tests benchmarks data

.DEFAULT_GOAL := help
.PHONY: help new report check test explore lint format bench rerun-table lock clean

help:  ## what can be asked for
	@echo 'make report STUDY=beat-the-blues another folder of data/'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-27s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

new: .venv/run.stamp  ## begin STUDY: a first study file from the exports in the folder FROM
	@.venv/bin/alongside new "$(STUDY)" --from "$(FROM)"

report: .venv/run.stamp  ## run the pipeline on STUDY and say where the report is
	@$(RUN_WORKFLOW)

check: .venv/run.stamp  ## read STUDY's study file and exports, say what is wrong with them
	@.venv/bin/alongside check $(STUDY)

test: .venv/dev.stamp  ## run the tests
	@.ci/test

explore: .venv/dev.stamp  ## look for examples that break a property, at random and for long; no verdict
	@.venv/bin/pytest -n 2 -m hypothesis --hypothesis-profile=explore

lint: .venv/dev.stamp  ## ruff, snakefmt, import contracts, snakemake --lint
	@.ci/lint

format: .venv/dev.stamp  ## put Python and Snakemake files into their standard form
	@.venv/bin/ruff check --fix && .venv/bin/ruff format && .venv/bin/snakefmt Snakefile workflow/rules

bench: .venv/dev.stamp  ## time a cold run of STUDY: the whole, its slowest stages, Python's share
	@.venv/bin/python benchmarks/time_run.py $(STUDY)

rerun-table: .venv/dev.stamp  ## make docs/reruns.md: which stages an edit reruns
	@.venv/bin/python tests/workflow/edits.py

lock:  ## compile the locks anew from pyproject.toml (needs uv)
	@.ci/lock

clean:  ## remove what runs have made (results/), not the environment
	@find results -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +

# An environment for development serves a run as well; the other way round it is only added to.
.venv/run.stamp: requirements.txt pyproject.toml
	@.ci/make-environment requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt pyproject.toml
	@.ci/make-environment requirements-dev.txt
	@touch .venv/run.stamp $@
