"""The passwords that were stolen elsewhere: a file of SHA-1 digests, as Have I Been Pwned publishes it."""

from pathlib import Path

_DIGEST = 40


def count(file: Path, digest: str) -> int:
    """
    Return how often the password of this SHA-1 (40 hexadecimal digits) was seen in thefts, 0 if never.

    The file holds lines `HASH:count` sorted by hash, in capitals; it is searched by halves, without being read whole.
    Raises OSError where the file cannot be read.
    """
    wanted = digest.upper().encode()
    with file.open("rb") as lines:
        low, high = 0, file.stat().st_size
        while low < high:
            middle = (low + high) // 2
            lines.seek(middle)
            if middle:
                lines.seek(middle - 1)
                lines.readline()  # up to the beginning of a line
            start, line = lines.tell(), lines.readline()
            if start >= high or line[:_DIGEST] >= wanted:
                if line[:_DIGEST] == wanted and start < high:
                    return int(line[_DIGEST + 1 :])
                high = middle
            else:
                low = start + len(line)
    return 0
