# `make` alone lists the targets. Everything is done by run.py, so that it works without make too.
PYTHON ?= python3
TARGETS := reports test test-all lab env lint lock clean

.DEFAULT_GOAL := help
.PHONY: help $(TARGETS)

help:
	@$(PYTHON) run.py

$(TARGETS):
	@$(PYTHON) run.py $@
