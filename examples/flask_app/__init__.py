"""An example: the bank accounts of a person in one place, with Flask."""
