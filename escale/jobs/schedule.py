"""What runs by the clock."""

from django.core.management import call_command
from django.db import close_old_connections
from procrastinate import JobContext
from procrastinate.contrib.django import app

from escale.domain.accounts import actions as accounts
from escale.domain.documents import actions as documents
from escale.domain.journal import actions as journal


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="seal_journal")
def seal_journal(timestamp: int) -> None:
    """Seal what was written in the journal since the last minute."""
    close_old_connections()
    while journal.seal() == journal.BLOCK_SIZE:
        pass
    close_old_connections()


@app.periodic(cron="* * * * * */20")
@app.task(queueing_lock="take_up_stalled", pass_context=True)
async def take_up_stalled(context: JobContext, timestamp: int) -> None:
    """Give to another worker the tasks of a worker that died."""
    for job in await context.app.job_manager.get_stalled_jobs():
        await context.app.job_manager.retry_job(job)


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="sweep_vault")
def sweep_vault(timestamp: int) -> None:
    """Remove from the vault what a crash left behind."""
    close_old_connections()
    documents.sweep()
    close_old_connections()


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="forget_attempts")
def forget_attempts(timestamp: int) -> None:
    """Forget the failed sign-ins of the day before, and the sessions that have ended."""
    close_old_connections()
    accounts.forget_attempts()
    call_command("clearsessions")
    close_old_connections()
