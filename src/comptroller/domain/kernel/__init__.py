"""The words every other part of the domain is written in: money, instants, ids, faults, rejections, limits."""
