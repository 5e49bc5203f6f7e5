"""How well texts are understood, measured on sentences nobody trained on."""
