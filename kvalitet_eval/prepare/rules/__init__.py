"""From text to typed rows: what a header, a cell, a row and a whole series may be."""
