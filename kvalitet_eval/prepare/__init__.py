"""From raw files to a checked panel in the borders of one year."""
