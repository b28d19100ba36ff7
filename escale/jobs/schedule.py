"""What runs by the clock."""

from contextlib import suppress

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.sessions import SessionStore
from escale.domain.claims import actions as claims
from escale.domain.documents import actions as documents
from escale.domain.enrolment import actions as enrolments
from escale.domain.journal import actions as journal
from escale.domain.mandates import actions as mandates
from escale.domain.payments import actions as payments
from escale.domain.payments import queries as of_payments
from escale.domain.statements import actions as statements
from escale.domain.statements import exchange as of_statements
from escale.domain.statistics import actions as statistics
from escale.gateways import antivirus
from escale.jobs import after, banking, controlling, desk, enrolling, upkeep
from escale.jobs.tasks import fresh_connections

AFTER_FIRST_SCANS = -10
"""The priority of what may wait: nobody's claim does, for it."""


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="seal_journal")
def seal_journal(timestamp: int) -> None:
    """Seal what was written in the journal since the last minute."""
    with fresh_connections():
        while journal.seal() == journal.BLOCK_SIZE:
            pass


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="fold_statistics")
def fold_statistics(timestamp: int) -> None:
    """Count in the figures of the board what happened since the last minute."""
    with fresh_connections():
        statistics.fold()


@app.periodic(cron="47 5 * * *")
@app.task(queueing_lock="publish_figures")
def publish_figures(timestamp: int) -> None:
    """Publish the figures of the months that are over, once each."""
    with fresh_connections():
        statistics.publish()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="collect_bank_files")
def collect_bank_files(timestamp: int) -> None:
    """Take in what the bank laid since the last minute."""
    with fresh_connections():
        banking.collect()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="send_what_waited")
def send_what_waited(timestamp: int) -> None:
    """Send the batches that were held back, once nothing does any more."""
    with fresh_connections():
        payments.send_what_waited()


@app.periodic(cron="9 * * * *")
@app.task(queueing_lock="refuse_what_was_denied")
def refuse_what_was_denied(timestamp: int) -> None:
    """Refuse the visa of what goes to accounts that were denied, where it could not be at once."""
    with fresh_connections():
        payments.refuse_denied()


@app.periodic(cron="13 4 * * *")
@app.task(queueing_lock="reissue_to_new_accounts")
def reissue_to_new_accounts(timestamp: int) -> None:
    """Order again, each morning, what came back from accounts that have been replaced."""
    with fresh_connections():
        banking.reissue_to_new_accounts()


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="take_up_stalled", pass_context=True)
async def take_up_stalled(context: JobContext, timestamp: int) -> None:
    """Give to another worker the tasks of a worker that died."""
    for job in await context.app.job_manager.get_stalled_jobs():
        await context.app.job_manager.retry_job(job)


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="sweep_vault")
def sweep_vault(timestamp: int) -> None:
    """Remove from the vault what a crash left behind."""
    with fresh_connections():
        documents.sweep(others=lambda keys: of_payments.known(keys) | of_statements.known(keys))


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="finish_uploads")
def finish_uploads(timestamp: int) -> None:
    """Finish the files that came whole to a process that died at that moment."""
    with fresh_connections():
        claims.finish_some()


@app.periodic(cron="37 * * * *")
@app.task(queueing_lock="expire_uploads")
def expire_uploads(timestamp: int) -> None:
    """Give up the files on their way that have not moved for too long."""
    with fresh_connections():
        documents.expire()


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="watch_scans")
def watch_scans(timestamp: int) -> None:
    """Tell the supervisors when scans stall, and queue again those that no task would do."""
    with fresh_connections():
        upkeep.alert_of_stalled_scans()
        upkeep.queue_scans_again()


@app.periodic(cron="29 * * * *")
@app.task(queue="scan", priority=AFTER_FIRST_SCANS, queueing_lock="rescan_documents")
def rescan_documents(timestamp: int) -> None:
    """Scan clean files again with new signatures, a few at a time; without a scanner, the next hour goes on."""
    with fresh_connections(), suppress(antivirus.Unavailable, OSError, AlreadyEnqueued):
        if documents.rescan_some():
            rescan_documents.configure().defer(timestamp=timestamp)


@app.periodic(cron="53 * * * *")
@app.task(queue="scan", priority=AFTER_FIRST_SCANS, queueing_lock="verify_documents")
def verify_documents(timestamp: int, left: int = 0) -> None:
    """Read the share of this hour of all files, a few at a time; without the store, the next hour goes on."""
    with fresh_connections(), suppress(OSError, AlreadyEnqueued):
        left = left or documents.share()
        if (read := documents.verify_some(most=left)) and left > read:
            verify_documents.configure().defer(timestamp=timestamp, left=left - read)


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="expire_enrolments")
def expire_enrolments(timestamp: int) -> None:
    """End the requests for an account that have had their time, and forget what they said."""
    with fresh_connections():
        enrolments.expire()


@app.periodic(cron="31 4 * * *")
@app.task(queueing_lock="post_waiting_codes")
def post_waiting_codes(timestamp: int) -> None:
    """Post their code to those whom no letter could reach before."""
    with fresh_connections():
        enrolling.post_waiting()


@app.periodic(cron="11 2 * * *")
@app.task(queueing_lock="end_of_life")
def end_of_life(timestamp: int) -> None:
    """Destroy the drafts and the papers that have had their time."""
    with fresh_connections():
        upkeep.end_drafts()
        upkeep.end_papers()


@app.periodic(cron="23 4 * * *")
@app.task(queueing_lock="let_silence_speak")
def let_silence_speak(timestamp: int) -> None:
    """Let silence answer the appeals and the rectifications that nobody did, and forget what is long over."""
    with fresh_connections():
        after.let_silence_speak()
        after.forget_what_is_over()
        controlling.forget_what_is_over()


@app.periodic(cron="3 * * * *")
@app.task(queueing_lock="end_mandates")
def end_mandates(timestamp: int) -> None:
    """Warn of the mandates that will end, and close those that have: none serves after its last day, though."""
    with fresh_connections():
        upkeep.warn_of_mandates_that_end()
        mandates.end_some()


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="end_sharing")
def end_sharing(timestamp: int) -> None:
    """Close the consents to share statements that have ended: what is paid after their last day is not told, though."""
    with fresh_connections():
        statements.end_some()


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="forget_attempts")
def forget_attempts(timestamp: int) -> None:
    """Forget the tries of the day before, and the sessions that have ended."""
    with fresh_connections():
        accounts.forget_attempts()
        SessionStore.clear_expired()


@app.periodic(cron="43 4 * * *")
@app.task(queueing_lock="watch_claims")
def watch_claims(timestamp: int) -> None:
    """Tell, each working morning, which claims last: to agents, to supervisors, to the insured person."""
    with fresh_connections():
        desk.watch()


@app.periodic(cron="49 4 * * *")
@app.task(queueing_lock="watch_originals")
def watch_originals(timestamp: int) -> None:
    """Tell the supervisors, each morning, of which controls the originals did not come in time."""
    with fresh_connections():
        controlling.watch_delays()
