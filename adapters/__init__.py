"""Channels other than SMS, and task systems."""
