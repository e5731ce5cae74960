"""Comptroller: policy decides, the right people sign, the effect happens once, the evidence remains."""
