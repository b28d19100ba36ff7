"""Make of a clean paper what a telephone makes of it: askew, shaded, blurred, grainy, compressed."""

import io
import random
from typing import Any

import numpy
from PIL import Image, ImageFilter


def photographed(image: bytes, seed: str) -> bytes:
    """Return a JPEG of a paper that lies on a table, seen from a little aside."""
    chance = random.Random(seed)
    paper: Any = Image.open(io.BytesIO(image)).convert("RGB")
    edge = round(0.06 * max(paper.size))
    table = Image.new("RGB", (paper.width + 2 * edge, paper.height + 2 * edge), (96, 78, 60))
    table.paste(paper, (edge, edge))
    width, height = table.size
    shift = [chance.uniform(0, 0.03) for _side in range(8)]
    corners = [
        -shift[0] * width, -shift[1] * height, -shift[2] * width, height * (1 + shift[3]),
        width * (1 + shift[4]), height * (1 + shift[5]), width * (1 + shift[6]), -shift[7] * height,
    ]  # fmt: skip
    seen = table.transform(table.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=(96, 78, 60))
    seen = seen.rotate(chance.uniform(-2.5, 2.5), Image.Resampling.BICUBIC, fillcolor=(96, 78, 60))
    light = numpy.linspace(chance.uniform(0.55, 0.75), 1.0, width)[None, :, None]
    light = light * numpy.linspace(1.0, chance.uniform(0.75, 0.95), height)[:, None, None]
    grain = numpy.random.default_rng(chance.randint(0, 10**6)).normal(0, 7, (height, width, 1))
    shaded = numpy.clip(numpy.asarray(seen, dtype=float) * light + grain, 0, 255).astype(numpy.uint8)
    blurred = Image.fromarray(shaded).filter(ImageFilter.GaussianBlur(chance.uniform(0.6, 1.1)))
    written = io.BytesIO()
    blurred.save(written, "JPEG", quality=55)
    return written.getvalue()
