"""Papers of our own making, in nine languages, clean and photographed, with what is true of each."""
