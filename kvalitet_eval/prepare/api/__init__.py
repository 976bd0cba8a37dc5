"""Open data by its public interfaces: asked politely, kept as it came, compared with what was there."""
