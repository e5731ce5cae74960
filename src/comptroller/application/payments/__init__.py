"""Payment runs: proposed by treasury, checked item by item, released by two others, confirmed by the bank."""
