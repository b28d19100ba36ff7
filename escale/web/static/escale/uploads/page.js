// The card of files: chosen, measured, sent, and told; without it the form sends them all at once.
import { choosing } from "./choosing.js";
import { DRAWN_AGAIN, inPlace, leaveOut, refresh, reveal } from "./parts.js";
import { isUnderWay, queue, tokenOf } from "./queue.js";
import { draw } from "./row.js";
import { count, say } from "./words.js";

const card = document.querySelector("[data-uploads]");
const form = card.querySelector("form");
const rows = card.querySelector("[data-rows]");
const said = card.querySelector("[data-said]");
const pauseAll = card.querySelector("[data-pause-all]");

// Say to those who do not see the page what has changed, without repeating every percent.
function speak(sentence) {
  const line = document.createElement("p");
  line.textContent = sentence;
  said.append(line);
  setTimeout(() => line.remove(), 10_000);
}

const SPOKEN = ["paused", "received", "already", "locked", "refused"];

function changed(one) {
  draw(one);
  if (one.spoken !== one.state && SPOKEN.includes(one.state)) {
    speak([`${one.file.name} : ${say(one.state)}`, one.sentence].filter(Boolean).join(". "));
  }
  one.spoken = one.state;
  const files = [...sending.files];
  const moving = files.filter(isUnderWay);
  const paused = files.filter((each) => each.state === "paused");
  pauseAll.hidden = moving.length + paused.length < 2;
  pauseAll.textContent = moving.length ? say("pause-all") : say("resume-all");
  card.querySelector("[data-sending]").hidden = !rows.children.length;
  if (one.address) leaveOut(document, held());
}

// What is joined is shown by the server; what asks for something too.
async function ended(one) {
  if (one.state === "received" && card.dataset.next) {
    if (![...sending.files].some(isUnderWay)) location.assign(card.dataset.next);
    return;
  }
  await refresh(held);
  if (![...sending.files].some(isUnderWay)) {
    const n = [...sending.files].filter((each) => each.state === "received").length;
    if (n) speak(count("all-received", n));
  }
}

const isShown = (one) => tokenOf(one) && document.querySelector(`[data-upload="${tokenOf(one)}"]`);

document.addEventListener(DRAWN_AGAIN, () => {
  for (const one of sending.files) if (["locked", "refused"].includes(one.state) && isShown(one)) drop(one);
});

const held = () => [...sending.files].filter((one) => isUnderWay(one) || one.state === "paused").map(tokenOf);

function drop(one) {
  sending.files.delete(one);
  const next = one.row.nextElementSibling ?? one.row.previousElementSibling;
  const focused = one.row.contains(document.activeElement);
  one.row.remove();
  if (focused) (next?.querySelector("button:not([hidden])") ?? card.querySelector("[data-heading]")).focus();
  card.querySelector("[data-sending]").hidden = !rows.children.length;
}

async function act(one, what) {
  if (chosen.has(one)) return chosen.remove(one);
  if (what === "pause") return one.state === "paused" ? sending.resume(one) : sending.pause(one);
  const cancelled = sending.cancel(one);
  drop(one);
  speak(`${one.file.name} : ${say("cancelled")}`);
  await cancelled;
  return refresh(held);
}

const sending = queue({
  address: card.dataset.uploads,
  changed,
  ended,
});
const chosen = choosing({ card, form, act, speak, sending });

let measuring = false;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (measuring) return;
  delete form.dataset.sent;
  measuring = true;
  await chosen.ready();
  measuring = false;
  const files = chosen.take();
  if (!files.length) return;
  for (const one of sending.files) if (["received", "already"].includes(one.state)) drop(one);
  speak(count("start", files.length));
  for (const one of files) {
    rows.append(one.row);
    sending.add(one);
  }
  card.querySelector("[data-sending]").scrollIntoView({ block: "nearest" });
});

pauseAll.addEventListener("click", () => {
  const moving = [...sending.files].filter(isUnderWay);
  if (moving.length) moving.forEach((one) => sending.pause(one));
  else [...sending.files].filter((one) => one.state === "paused").forEach((one) => sending.resume(one));
});

const offline = card.querySelector("[data-offline]");
for (const turn of ["online", "offline"]) {
  window.addEventListener(turn, () => {
    offline.hidden = navigator.onLine || ![...sending.files].some(isUnderWay);
    if (!offline.hidden) speak(say("offline"));
  });
}

window.addEventListener("beforeunload", (event) => {
  if ([...sending.files].some(isUnderWay)) event.preventDefault();
});

if (!card.dataset.next) inPlace({ held, speak });
reveal(card);
