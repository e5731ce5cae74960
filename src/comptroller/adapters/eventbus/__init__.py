"""Brokers: they distribute what is told between processes."""

from comptroller.adapters.eventbus.nats_jetstream import NatsWakes, WakeAddressError

__all__ = ["NatsWakes", "WakeAddressError"]
