"""Tests of the Python client: values, the protocol against a fake server, the real daemon."""
