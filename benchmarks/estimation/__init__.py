"""Speed and memory of `estimate`, each figure beside a named peer in the same run; see README.md."""
