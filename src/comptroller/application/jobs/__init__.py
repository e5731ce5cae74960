"""Long jobs: what is too long for one command is done step by step by whichever worker is there."""
