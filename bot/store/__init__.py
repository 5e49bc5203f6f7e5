"""All SQL: the durable truth, on SQLite or PostgreSQL."""
