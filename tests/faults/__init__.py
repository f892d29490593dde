"""The fault suite of the order road: seeded runs in virtual time, in which venue and process fail."""
