# Generated from src/powens/cli/_async/__init__.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""What the demonstration does with a client."""
