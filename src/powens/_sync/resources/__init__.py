# Generated from src/powens/_async/resources/__init__.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""The resources of the API, one file each."""
