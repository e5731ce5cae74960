"""Version 1 of the HTTP interface. Its paths, members and codes are kept; what is missing is added."""
