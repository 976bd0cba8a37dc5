"""Description without a claim about causes."""
