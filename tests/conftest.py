"""What holds for every test: no example is failed for being slow."""

from hypothesis import settings

settings.register_profile("comptroller", deadline=None)
settings.load_profile("comptroller")
