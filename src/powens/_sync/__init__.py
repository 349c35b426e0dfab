# Generated from src/powens/_async/__init__.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""The client: one surface, from which the other is generated."""
