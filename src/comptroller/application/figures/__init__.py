"""The figures of accounts payable, each computed from recorded instants and open to the cases that it counts.

A figure is a set of samples: one case (or task, or act) with a numerator and a denominator, a day, and what it can be
told apart by. What becomes of samples (a rate, a duration's median, a sum) is said by the figure's kind and done in one
place; so every figure is had by entity, unit, supplier, person, period or its own parts alike.
"""
