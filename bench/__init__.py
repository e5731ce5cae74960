"""Figures: every one beside a peer or a physical limit, measured in the same run, as a ratio."""
