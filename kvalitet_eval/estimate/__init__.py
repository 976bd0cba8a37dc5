"""Effects with their uncertainty, in one tidy table."""
