"""Who may use the desk: accounts of officers, signing in, sessions, one-time codes, the audit log."""
