"""What a petition's text tells: field, owner, place, insults, separate matters."""
