"""A bucket of an object store that speaks S3: the head of a file lies in the metadata of its object."""

import base64
import binascii
import io
import itertools
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import parse_qs, unquote, urlsplit

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from escale.gateways.stores import NAME, Missing, Unavailable

PART = 5 * 1024 * 1024
"""Bytes of one part of an upload, the least that S3 takes; a smaller file is sent whole."""
_WINDOW = 512 * 1024
_IN_MEMORY = 256 * 1024
_MISSING = {"NoSuchKey"}  # and no other 404: a bucket that is not there says nothing of its files
_TAKEN = {"PreconditionFailed", "ConditionalRequestConflict"}


class Bucket:
    """A bucket for the vault alone, without versions; safe for many threads and processes at once.

    `s3+https://KEY:SECRET@host:port/bucket?region=fr-par`, key and secret percent-encoded, or `s3+http://` on the same
    machine. Each exchange is tried three times; `timeout` in seconds holds for each try. Raises ValueError for an
    address that is not well formed.
    """

    def __init__(self, address: str, timeout: float = 30) -> None:
        url = urlsplit(address)
        self._bucket = url.path.strip("/")
        if url.scheme not in ("s3+https", "s3+http") or not (url.hostname and url.username and url.password):
            raise ValueError("an object store is s3+https://KEY:SECRET@host/bucket")
        if not self._bucket or "/" in self._bucket:
            raise ValueError("an object store's address ends with its bucket")
        self._s3 = botocore.session.get_session().create_client(
            "s3",
            region_name=parse_qs(url.query).get("region", ["us-east-1"])[0],
            endpoint_url=f"{url.scheme.removeprefix('s3+')}://{url.netloc.rpartition('@')[2]}",
            aws_access_key_id=unquote(url.username),
            aws_secret_access_key=unquote(url.password),
            config=Config(
                connect_timeout=min(timeout, 5),
                read_timeout=timeout,
                retries={"total_max_attempts": 3, "mode": "standard"},
                max_pool_connections=32,
                s3={"addressing_style": "path"},
            ),
        )

    def put(self, name: str, head: bytes, chunks: Iterable[bytes]) -> None:
        with closing(_parts(chunks)) as parts:
            first = next(parts)
            if _length(first) < PART:
                self._ask("put_object", name, Body=first, IfNoneMatch="*", Metadata=_metadata(head))
            else:
                self._put_in_parts(name, head, itertools.chain([first], parts))

    def _put_in_parts(self, name: str, head: bytes, parts: Iterator[IO[bytes]]) -> None:
        upload = self._ask("create_multipart_upload", name, Metadata=_metadata(head))["UploadId"]
        try:
            sent: list[dict[str, Any]] = []
            for number, part in enumerate(parts, start=1):
                answer = self._ask("upload_part", name, UploadId=upload, PartNumber=number, Body=part)
                sent.append({"PartNumber": number, "ETag": answer["ETag"]})
            self._ask(
                "complete_multipart_upload", name, UploadId=upload, MultipartUpload={"Parts": sent}, IfNoneMatch="*"
            )
        except BaseException:
            with suppress(OSError, Missing):  # else it is cleared later
                self._ask("abort_multipart_upload", name, UploadId=upload)
            raise

    def open(self, name: str) -> "_HeldInBucket":
        return _HeldInBucket(lambda offset, length: self._range(name, offset, length))

    def head(self, name: str) -> bytes:
        return _head(self._range(name, 0, 1)[0])

    def change_head(self, name: str, head: bytes) -> None:
        self._ask(
            "copy_object",
            name,
            CopySource={"Bucket": self._bucket, "Key": name},
            Metadata=_metadata(head),
            MetadataDirective="REPLACE",
        )

    def delete(self, name: str) -> None:
        self._ask("delete_object", name)

    def names(self, written_before: float) -> Iterator[str]:
        for page in self._pages("list_objects_v2"):
            for found in page.get("Contents", ()):
                if NAME.fullmatch(found["Key"]) and found["LastModified"].timestamp() < written_before:
                    yield found["Key"]

    def clear_unfinished(self, written_before: float) -> list[str]:
        cleared = []
        for page in self._pages("list_multipart_uploads"):
            for upload in page.get("Uploads", ()):
                if NAME.fullmatch(upload["Key"]) and upload["Initiated"].timestamp() < written_before:
                    self._ask("abort_multipart_upload", upload["Key"], UploadId=upload["UploadId"])
                    cleared.append(upload["Key"])
        return cleared

    def _range(self, name: str, offset: int, length: int) -> tuple[dict[str, Any], bytes]:
        asked = f"bytes={offset}-{offset + length - 1}"
        with _refusals(name):
            try:
                answer = self._s3.get_object(Bucket=self._bucket, Key=name, Range=asked)
            except ClientError as error:
                if error.response["Error"].get("Code") != "InvalidRange":
                    raise
                return {}, b""  # shorter than any file of ours
            with answer["Body"] as body:
                return answer, body.read()

    def _ask(self, operation: str, name: str, **arguments: Any) -> dict[str, Any]:
        with _refusals(name):
            answer: dict[str, Any] = getattr(self._s3, operation)(Bucket=self._bucket, Key=name, **arguments)
            return answer

    def _pages(self, operation: str) -> Iterator[dict[str, Any]]:
        with _refusals(self._bucket):
            yield from self._s3.get_paginator(operation).paginate(Bucket=self._bucket)


class _HeldInBucket:
    """Read through a window of half a megabyte, so that a slow reader holds no connection."""

    def __init__(self, fetch: Callable[[int, int], tuple[dict[str, Any], bytes]]) -> None:
        self._fetch = fetch
        self._offset = 0
        answer, self._window = fetch(0, _WINDOW)
        self.head = _head(answer)
        self.size = int(answer.get("ContentRange", "/0").rpartition("/")[2])

    def read(self, offset: int, length: int) -> bytes:
        end = min(offset + length, self.size)
        if not self._offset <= offset <= end <= self._offset + len(self._window):
            if end == self.size:  # a look at the end, which leaves the window where it is
                return self._fetch(offset, length)[1]
            self._offset, self._window = offset, self._fetch(offset, max(length, _WINDOW))[1]
        return self._window[offset - self._offset : end - self._offset]

    def close(self) -> None:
        self._window = b""


@contextmanager
def _refusals(name: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response["Error"].get("Code", "")
        if code in _MISSING:
            raise Missing(name) from error
        if code in _TAKEN:
            raise FileExistsError(name) from error
        raise Unavailable(f"{error.operation_name}: {code}") from error
    except BotoCoreError as error:
        raise Unavailable(f"{type(error).__name__}") from error


def _parts(chunks: Iterable[bytes]) -> Generator[IO[bytes]]:
    """Yield the content in parts, all as long but the last; an empty content is one empty part.

    A part waits in a file of its own, sealed as it is, which is closed once the next is asked for: twenty senders at
    once would otherwise hold a hundred megabytes of memory.
    """
    with ExitStack() as waiting:
        part = waiting.enter_context(_room())
        for chunk in chunks:
            rest = memoryview(chunk)
            while rest:
                room = PART - part.tell()
                if not room:
                    part.seek(0)
                    yield part
                    waiting.close()
                    part, room = waiting.enter_context(_room()), PART
                part.write(rest[:room])
                rest = rest[room:]
        part.seek(0)
        yield part


def _room() -> IO[bytes]:
    return SpooledTemporaryFile(_IN_MEMORY)


def _length(part: IO[bytes]) -> int:
    length = part.seek(0, io.SEEK_END)
    part.seek(0)
    return length


def _metadata(head: bytes) -> dict[str, str]:
    return {"head": base64.b64encode(head).decode()}


def _head(answer: dict[str, Any]) -> bytes:
    try:
        return base64.b64decode(answer["Metadata"]["head"], validate=True)
    except (KeyError, binascii.Error):
        return b""
