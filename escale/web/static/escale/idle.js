// Before a session ends, say so and offer to stay; all the tabs of a browser agree. Nothing typed is ever lost.
const WARN = 150_000;

const dialog = document.getElementById("idle");
const form = dialog.querySelector("form");
const [text, over] = [dialog.querySelector("#idle-text"), dialog.querySelector("[role=alert]")];
const tabs = new BroadcastChannel("escale-session");
let ends;

const lasts = (left) => {
  ends = Date.now() + 1000 * left;
  if (left && dialog.open) dialog.close();
};
const finish = () => {
  text.hidden = form.hidden = true;
  over.hidden = false;
};
const look = () => {
  if (Date.now() > ends - WARN && !dialog.open) dialog.showModal();
  if (Date.now() > ends && over.hidden) finish();
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (!answer.ok) return finish();
    const { left } = await answer.json();
    lasts(left);
    tabs.postMessage(left);
  } catch {
    // the network is away: the dialog stays, and one may press again
  } finally {
    delete form.dataset.sent;
  }
});
tabs.addEventListener("message", ({ data }) => lasts(data));
lasts(Number(dialog.dataset.left));
tabs.postMessage(Number(dialog.dataset.left));
setInterval(look, 1000);
document.addEventListener("visibilitychange", look);
