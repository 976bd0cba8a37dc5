"""What rows mean beyond their form: who they are about and what cannot be true at once."""
