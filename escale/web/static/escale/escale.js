// Small comforts; every page works without them.
document.getElementById("error-summary")?.focus();
