"""What is done with a stranger's file inside a process that can do no harm: nothing else imports these modules."""
