"""Generated inputs are the same in every ordinary run; `make test-all` searches for new ones."""

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
settings.register_profile("search", derandomize=False)
