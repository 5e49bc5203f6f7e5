"""Changes of the schema, in order. A release only adds (expand); what nothing uses any more goes one release later."""
