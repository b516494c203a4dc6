# Thin names for what dev.py does; see `python3 dev.py help`.
PYTHON ?= python3

.PHONY: check test lint types bench integration picture tables clean
check test lint types bench integration picture tables clean:
	$(PYTHON) dev.py $@
