"""`python -m tests.oidc`: take the provider's packages, before the tests that it would make late."""

from tests.oidc import installed

if __name__ == "__main__":
    installed()
