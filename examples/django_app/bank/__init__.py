"""Bank accounts of our customers, through Powens."""
