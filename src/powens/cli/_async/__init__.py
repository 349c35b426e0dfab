"""What the demonstration does with a client."""
