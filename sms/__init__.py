"""Short messages: wire code, session and channel."""
