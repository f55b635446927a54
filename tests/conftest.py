import os

from hypothesis import settings

# The same examples on every machine; `make test-long` looks further.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
