"""Somebody who sends claims without a pause, killed again and again: run in a process of its own.

Each of them is a fork of a process that is ready. What it was told is done is written on the output, and it is killed
after one more of these words each time, and a moment: no step of a claim is spared, on a slow machine either.
"""

import os
import random
import signal
import sys
import time

import django

KILLS = 8
A_MOMENT = 0.08


def send_claims(insured: int, told: int) -> None:
    from escale.domain.registry.models import InsuredPerson
    from tests import factories

    def tell(*words: object) -> None:
        os.write(told, (" ".join(map(str, words)) + "\n").encode())

    person = InsuredPerson.objects.get(pk=insured)
    while True:
        claim = factories.draft(person)
        tell("draft", claim.pk)
        factories.line(factories.bill(claim))
        for paper in ("bill", "translation", "cerfa"):
            content = factories.pdf() + os.urandom(200_000) + b"\n%%EOF\n"
            tell("file", claim.pk, factories.attachment(claim, paper=paper, content=content).document.sha256)
        factories.sent(claim=claim)
        tell("sent", claim.pk)


def main() -> None:
    django.setup()
    from escale.domain.documents import queries

    queries.vault()  # made once, for all the children
    insured, chance = int(sys.argv[1]), random.Random()
    for words in range(KILLS):
        heard, told = os.pipe()
        child = os.fork()
        if not child:
            send_claims(insured, told)
        os.close(told)
        with os.fdopen(heard) as output:
            for _ in range(words):
                sys.stdout.write(output.readline())
            time.sleep(chance.uniform(0, A_MOMENT))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            sys.stdout.write(output.read())
            sys.stdout.flush()  # else the next child would say it again


if __name__ == "__main__":
    main()
