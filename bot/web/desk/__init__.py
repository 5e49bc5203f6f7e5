"""The officers' desk: pages rendered here, signing in, and what every page shares."""
