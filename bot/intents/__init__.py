"""Intent → Outcome, one file per thing a person can ask; no I/O of their own."""
