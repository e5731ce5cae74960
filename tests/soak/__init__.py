"""Long runs with faults: seeded, bounded by a budget, and judged by journals that the product never sees."""
