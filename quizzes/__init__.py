"""What is asked: banks of items, served in variants whose keys the simulator computes, graded by pure functions."""
