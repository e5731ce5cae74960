"""`python -m comptroller` is the command line."""

from comptroller.entrypoints.cli import main

if __name__ == "__main__":
    main()
