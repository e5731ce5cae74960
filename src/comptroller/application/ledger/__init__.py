"""The embedded ledger beside the cases: what is written without an invoice, what can be asked, what must agree."""
