"""The doctor: one module for each thing it looks at; `examine` puts them together."""
