"""Files of every kind as text: bytes to sheets to tables, each cell with its place."""
