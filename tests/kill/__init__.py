"""Real processes for the tests of the kill switch: a venue, a session that holds the account, and the switch."""
