"""Real processes that are really killed: the road over a journal on a disk, its venue in another process."""
