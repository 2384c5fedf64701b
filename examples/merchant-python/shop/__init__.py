"""A small shop on the official Python SDK, which serves the merchant adapter contract of assay."""
