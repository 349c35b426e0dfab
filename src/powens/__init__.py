"""Typed Python SDK for the Powens open-banking API."""
