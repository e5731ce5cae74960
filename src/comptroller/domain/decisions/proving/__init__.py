"""Proofs over whole decision graphs: for every input, not for examples.

    effects = trace(before, after, changed)     # what a change means for the decisions that build on it
    verdict = prove(graph, statement)           # whether a statement in FEEL holds whatever the inputs are

The idea: decide once with inputs that nobody knows. Wherever the answer hangs on one of them, both ways are gone, each
with what it takes for granted; a way to the end is a region of inputs with one outcome. Where a comparison asks about
one input the region is a box; where it compares several, a linear condition. What is not looked into may be anything,
and what hangs on that is told as undecided.
"""
