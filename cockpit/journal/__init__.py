"""The journal: small, precious, fully synchronised and chained; and beside it the fast, rebuildable trace store.

Import `cockpit.journal.log` (it brings SQLModel) only where it is needed, never while the screen starts.
"""
