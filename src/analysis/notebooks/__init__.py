"""Notebooks as files, their parameters, and how they are run."""
