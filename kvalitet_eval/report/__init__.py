"""Reports: run notebooks with checked parameters, store what they say, and make pages and an index of it."""
