"""What the studio shows: the decisions of a version, one of them as a table, and what comes of trying it."""
