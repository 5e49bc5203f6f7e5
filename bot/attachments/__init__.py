"""Files that belong to petitions: looked into, made safe to show, sealed and kept under the data directory."""
