"""Alerts to officers: who is to know, and how they hear of it."""
