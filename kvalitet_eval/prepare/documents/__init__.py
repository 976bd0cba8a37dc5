"""Status reports and project mandates: documents of keys and values."""
