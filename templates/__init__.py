"""The texts that people read, one file for each message, language and channel."""
