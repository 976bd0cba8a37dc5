"""What a reader sees: words, numbers, charts and tables, as data and as drawings."""
