"""Cases that nobody hands in: begun by the start events of a process, by a message, a signal or the clock."""
