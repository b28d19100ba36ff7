"""How passwords are kept: slow to guess for whoever stole them."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with 64 MiB and four passes; a digest made with other costs is made again when its owner signs in."""

    memory_cost = 64 * 1024
    time_cost = 4
    parallelism = 2
