"""SMS through providers that speak HTTP: one channel, driven by a table of what each provider wants (its dialect)."""
