"""What the use cases need of the outside, as protocols; adapters fulfil them, `bootstrap` brings the two together."""
