# Thin names for what dev.py does; see `python3 dev.py help`.
PYTHON ?= python3

.PHONY: check test lint types bench integration picture clean
check test lint types bench integration picture clean:
	$(PYTHON) dev.py $@
