"""The outside world: one file per neighbour, plain data in, plain data out."""
