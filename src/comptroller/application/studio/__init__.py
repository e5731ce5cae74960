"""The studio: versions of policy looked through, for those who read and write them."""
