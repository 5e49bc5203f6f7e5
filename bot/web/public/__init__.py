"""What everybody may read without signing in: released petitions as open data and as a feed, figures, the public page."""
