"""The guards that stand between a fault and somebody's money, and the tests that miss them when they are gone.

`python -m tests.guards` takes each guard out of a copy of the program and runs the tests that are to notice.
"""
