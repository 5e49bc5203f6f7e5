"""An invented year of petitions with agencies and officers, for the demo. Nothing in it is of anybody."""
