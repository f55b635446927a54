"""Forecasts, verdicts and bilingual evaluation reports for a plan with dated targets.

The subpackages and the interfaces between them are described in docs/architecture.md. Importing this package imports nothing heavy.
"""

__version__ = "0.2.0"
