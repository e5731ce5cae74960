"""The doors: HTTP, pages, worker, command line. Each turns its own form into a command and an answer back."""
