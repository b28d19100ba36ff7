"""SeaweedFS: a real S3 server for the tests, on ports of its own, in a folder that is thrown away."""

import json
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGKILL
from urllib.parse import quote

import botocore.session
from botocore.exceptions import BotoCoreError, ClientError

from launcher.children import Child

ACCESS, SECRET, BUCKET = "escale-tests", "a secret/with+signs", "vault"
READY_WITHIN = 60


def program() -> str | None:
    """Return where the server is, if it was installed."""
    return shutil.which("weed", path=str(Path(sys.executable).parent)) or shutil.which("weed")


@contextmanager
def serving(folder: Path, weed: str) -> Iterator[str]:
    """Give the address of a bucket; the server is killed at the end, since it may ignore a polite request."""
    master, master_rpc, volume, volume_rpc, filer, filer_rpc, s3, s3_rpc = _free_ports(8)
    identity = {"name": "vault", "credentials": [{"accessKey": ACCESS, "secretKey": SECRET}], "actions": ["Admin"]}
    (folder / "identities.json").write_text(json.dumps({"identities": [identity]}))
    options = (
        f"-logdir={folder} server -dir={folder} -ip=127.0.0.1 -ip.bind=127.0.0.1 "
        f"-master.port={master} -master.port.grpc={master_rpc} -master.volumeSizeLimitMB=512 "
        f"-volume.port={volume} -volume.port.grpc={volume_rpc} -volume.max=20 "
        f"-filer -filer.port={filer} -filer.port.grpc={filer_rpc} "
        f"-s3 -s3.port={s3} -s3.port.grpc={s3_rpc} -s3.config={folder / 'identities.json'} "
        "-s3.port.iceberg=0 -s3.port.lance=0 -master.telemetry=false"
    )
    child = Child("SeaweedFS", [weed, *options.split()], folder / "weed.log", {"HOME": str(folder)}, stop_with=SIGKILL)
    child.start()
    try:
        _make_bucket(child, s3)
        yield f"s3+http://{ACCESS}:{quote(SECRET, safe='')}@127.0.0.1:{s3}/{BUCKET}"
    finally:
        child.stop()


def _make_bucket(child: Child, port: int) -> None:
    client = botocore.session.get_session().create_client(
        "s3",
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id=ACCESS,
        aws_secret_access_key=SECRET,
    )
    until = time.monotonic() + READY_WITHIN
    while True:
        try:
            client.create_bucket(Bucket=BUCKET)
            client.put_object(Bucket=BUCKET, Key="first", Body=b"")  # the volumes come after the front door
            return
        except (BotoCoreError, ClientError):
            assert child.alive, child.log.read_text()
            assert time.monotonic() < until, "SeaweedFS does not answer"
            time.sleep(0.1)


def _free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
