"""A program that trades, run on two hosts at once."""
