"""Traces come in: every format and framework read into `cockpit.domain.calls.CallTrace`; nothing is stored here."""
