"""Statistics: how many claims, how fast and to what end, kept as they come and never naming anybody."""
