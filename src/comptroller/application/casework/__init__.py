"""What happens on a case: facts are gathered, decisions taken, tasks given to people, effects put in hand.

`CaseRun` drives the token machine of `domain.workflow` within one unit of work; the other modules are what the
machine's events set off.
"""
