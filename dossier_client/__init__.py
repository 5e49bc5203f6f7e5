"""Asking the one-stop systems: codes, routing, resilience."""
