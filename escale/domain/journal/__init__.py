"""Journal: what happened, written once and never changed; and who listens."""
