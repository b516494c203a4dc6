"""The command line, declared and nothing else; `whole` puts the parts together."""
