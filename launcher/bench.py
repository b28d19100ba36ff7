"""`make bench`: the measures, on a database that really writes to disk and is thrown away after."""

from launcher import environment, throwaway
from launcher.command import enter


def bench(arguments: list[str]) -> int:
    """Run the measures; return their exit code."""
    environment.for_development()
    with throwaway.house(durable=True) as environ:
        return throwaway.play("benchmarks", arguments, environ)


if __name__ == "__main__":
    enter(bench)
