"""Speed and memory of the intake beside the plain readers that people use."""
