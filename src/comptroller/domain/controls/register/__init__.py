"""Registers: files of many payments or invoices, looked through whole for copies and for parts of one purchase."""

from comptroller.domain.controls.register.pair_facts import PairFacts, Register
from comptroller.domain.controls.register.pairing import pairs
from comptroller.domain.controls.register.payment import Payment, supplier_key
from comptroller.domain.controls.register.windows import Window, windows

__all__ = ["PairFacts", "Payment", "Register", "Window", "pairs", "supplier_key", "windows"]
