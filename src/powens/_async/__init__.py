"""The client: one surface, from which the other is generated."""
