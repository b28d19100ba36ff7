"""What the words of a bill tell."""
