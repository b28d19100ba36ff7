"""What is kept beside ours is, byte for byte, what its authors published (decision 0009)."""

import hashlib

from tests.house import HOUSE

TUS_JS_CLIENT = {  # 4.3.1, as it is on npm
    "LICENSE": "2ec372e137fa65938a6551e9abaa3d3ea21f5ebd398fca00a13354ea881e6539",
    "tus.min.js": "8cbb1b63fccc3bba0ae73ad1deb160ce046c3750851d0c3e94921ae3ef070eb8",
    "tus.min.js.map": "4653a3a430959c4ea0500efb95ed48d4b825efe47654cf22b8c64d35eb2ac81b",
}


def test_the_client_of_resumable_uploads_is_unchanged():
    folder = HOUSE / "escale/web/static/vendored/tus-js-client"
    assert {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()} == TUS_JS_CLIENT
