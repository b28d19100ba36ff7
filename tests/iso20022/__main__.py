"""`python -m tests.iso20022`: take the schemas, before the tests that they would make late."""

from tests.iso20022 import installed

if __name__ == "__main__":
    installed()
