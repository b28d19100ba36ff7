"""Demo: the story that a demonstration tells once, with people and papers that do not exist."""
