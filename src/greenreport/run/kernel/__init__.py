"""Processes for pages: forked from a server that has imported the libraries, or fresh ones; painters beside them."""
