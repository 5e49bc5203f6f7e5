"""What is measured, and the lean stand-ins it is measured with."""
