"""Controls: what warns of doubles and fraud, and the claims whose originals are asked for once they were paid."""
