"""Kernels for pages: warm ones, forked from a server that has imported the libraries, and cold ones."""
