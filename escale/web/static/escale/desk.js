// At the desk: keys that can be cut, boxes ticked all at once, the sign that one still reads; all work without.
const CUT = "escale-keys-cut";
const AGAIN = 120_000;

const keyed = document.querySelectorAll("[data-key]");
const hint = document.querySelector("[data-keys]");
const cut = () => localStorage.getItem(CUT) === "1";
const typing = (element) => element.closest("input, select, textarea, dialog, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (cut() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  for (const element of keyed) {
    if (element.dataset.key === event.key.toLowerCase()) {
      event.preventDefault();
      element.click();
    }
  }
});

if (hint) {
  const button = hint.querySelector("[data-keys-switch]");
  const say = () => (button.textContent = cut() ? button.dataset.on : button.dataset.off);
  button.addEventListener("click", () => {
    localStorage.setItem(CUT, cut() ? "0" : "1");
    say();
  });
  say();
  hint.hidden = false;
}

const all = document.querySelector("[data-tick-all]");
if (all) {
  all.hidden = false;
  all.querySelector("button").addEventListener("click", () => {
    const boxes = [...document.querySelectorAll("input[name=claim][form=ticked]")];
    const tick = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = tick;
  });
}

// Only a gesture is a sign: a page left open keeps neither the claim nor the session.
const presence = document.querySelector("[data-presence]");
if (presence) {
  let last = Date.now();
  const sign = () => {
    if (Date.now() - last < AGAIN) return;
    last = Date.now();
    const token = presence.querySelector("[name=csrfmiddlewaretoken]").value;
    fetch(presence.dataset.presence, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => (last = 0));
  };
  for (const kind of ["keydown", "pointerdown", "scroll"]) addEventListener(kind, sign, { passive: true });
}
