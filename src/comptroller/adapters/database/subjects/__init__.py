"""What a unit of work answers, a class a subject; each asks the queries of its own name."""
