"""What follows from what happened: this table is the only place that says it."""

from procrastinate.tasks import Task

from escale.domain.journal.models import Entry
from escale.jobs import tasks

REACTIONS: dict[str, list[Task]] = {
    "account.sign_in":      [],
    "account.sign_out":     [],
    "registry.import":      [],
    "document.open":        [],
    "document.clear":       [],
    "document.read":        [],
    "document.doubt":       [tasks.verify_document],
    "document.infect":      [tasks.follow_document, tasks.warn_readers],
    "document.set_aside":   [],
    "document.lose":        [tasks.follow_document],
    "document.discard":     [],
    "scan.stall":           [],
    "scan.resume":          [],
    "upload.open":          [],
    "upload.lock":          [],
    "upload.refuse":        [],
    "upload.receive":       [],
    "upload.discard":       [],
    "notice.open":          [tasks.send_notice],
    "notice.send":          [],
    "notice.give_up":       [],
    "claim.open":           [],
    "claim.change":         [],
    "claim.discard":        [],
    "claim.submit":         [tasks.acknowledge_claim, tasks.scan_claim],
    "claim.set_aside":      [tasks.tell_unusable],
    "claim.receive":        [],
    "claim.judge_paper":    [tasks.tell_papers_to_replace],
    "claim.replace_paper":  [tasks.scan_replacement],
    "claim.ask_papers":     [tasks.tell_papers_asked],
    "claim.forgo_paper":    [],
    "claim.provide_paper":  [tasks.scan_replacement],
    "claim.settle_stay":    [],
    "claim.assess":         [],
    "claim.ask_opinion":    [],
    "claim.give_opinion":   [],
    "claim.approve":        [tasks.tell_decision],
    "claim.refuse":         [tasks.tell_decision],
    "claim.reopen":         [tasks.tell_reopened],
    "claim.hold_papers":    [],
    "claim.release_papers": [],
    "claim.destroy_papers": [],
    "payment.open":         [],
    "payment.visa":         [],
    "payment.reject":       [tasks.reopen_claim],
    "edition.open":         [],
    "edition.put_in_force": [],
    "edition.reject":       [],
    "rate.open":            [],
    "rate.publish":         [],
    "rate.confirm":         [],
    "rate.reject":          [],
    "rate.withdraw":        [],
    "batch.open":           [tasks.send_batch],
    "batch.send":           [],
}  # fmt: skip


def queue(entry: Entry) -> None:
    """Enqueue what follows from this entry, in the transaction that writes it."""
    for task in REACTIONS[entry.event]:
        task.defer(entry=entry.pk)
