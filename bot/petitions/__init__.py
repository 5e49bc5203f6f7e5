"""Petitions (phản ánh, kiến nghị): what is recorded, how they move, when they are due."""
