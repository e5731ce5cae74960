"""Regular expressions of XPath, matched in time that is paid for.

Python's own engine can take exponential time on a hostile pattern, and an author's pattern is not ours. Here a pattern
becomes a small program, run by trying its ways in order; a place that has failed once is never tried again, so that the
work is at most the size of the program times the length of the text, and every step is charged to the run.

SOURCE: XQuery and XPath Functions 3.1, clause 5.6; XML Schema part 2, appendix F.
"""

from comptroller.domain.feel.patterns.matcher import Match, find_all, search
from comptroller.domain.feel.patterns.program import PatternError, Program, compile_pattern

__all__ = ["Match", "PatternError", "Program", "compile_pattern", "find_all", "search"]
