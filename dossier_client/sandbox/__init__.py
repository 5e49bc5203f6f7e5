"""A one-stop system to try the gateway with."""
