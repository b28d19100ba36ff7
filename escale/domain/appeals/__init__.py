"""Appeals: what somebody contests before the commission, within which delay it answers, and what follows."""
