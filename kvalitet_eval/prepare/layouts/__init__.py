"""What each kind of file looks like, as records."""
