"""Fills the views of the pages: everything a page needs decided (what may be done, how a control stands, who is next)
is decided here, so that a template only formats.
"""
