"""What each route of the API does, one module for each part of the API."""
