"""Tests that need neither a network nor a gateway: `python -m unittest`."""
