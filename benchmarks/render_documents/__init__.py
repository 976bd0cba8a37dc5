"""Speed and size of documents: ours beside a converted notebook, a browser's PDF and an exported figure."""
