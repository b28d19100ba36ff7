// Files go over as many connections as it takes where the browser can; elsewhere the form sends them whole.
if (window.tus?.isSupported) import("./uploads/page.js");
