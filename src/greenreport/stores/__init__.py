"""Where a ledger is kept: a folder of CSV (the default), of Parquet, a DuckDB file, or a PostgreSQL database.

Every store reads the same ledger and takes imports in one step: whole or not at all, one at a time, only ever adding.
"""

from greenreport.stores.base import Store
from greenreport.stores.opening import copy, create_store, open_ledger, open_store

__all__ = ["Store", "copy", "create_store", "open_ledger", "open_store"]
