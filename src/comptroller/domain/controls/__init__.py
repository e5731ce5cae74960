"""Controls: the pure arithmetic between a finance document and a decision.

A control measures (how far a price is over its order, how two invoice numbers relate, which balance a line takes) and
never judges: every limit, and every verdict, stands in a decision table of the policy pack.
"""
