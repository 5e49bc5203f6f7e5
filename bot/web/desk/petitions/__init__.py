"""The desk's pages of petitions: the inbox, one petition, the steps taken on it."""
