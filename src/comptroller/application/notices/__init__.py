"""Notices: who is told what outside the page, when, and in whose words.

A notice is an outbox row of one person and one channel, written in the transaction of what it tells of. It holds no
words: whether it is still wanted, and what it says, is settled when it is sent, with the rights that its reader has
then.
"""
