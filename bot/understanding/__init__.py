"""Text → Intent."""
