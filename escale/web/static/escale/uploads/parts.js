// What the server draws is drawn again by the server: its parts are fetched, and put in place.
import { pageAgain, parse, renew } from "./token.js";
import { say } from "./words.js";

export const DRAWN_AGAIN = "drawn-again";

let asked = 0;
let drawn = 0;

// Fetch the page again, and put its parts in place; `held` are the files of which this page itself tells.
export async function refresh(held) {
  const turn = ++asked;
  const page = await pageAgain().catch(() => null);
  if (page) swap(page, held, turn);
}

// What was asked later knows more: an answer that it overtook is left aside.
function swap(page, held, turn) {
  if (turn < drawn) return;
  drawn = turn;
  leaveOut(page, held());
  for (const part of document.querySelectorAll("[data-part]")) {
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
    const typing = part.contains(document.activeElement) && document.activeElement.matches("input");
    if (!fresh || (typing && document.activeElement.value)) continue;
    reveal(fresh);
    part.replaceWith(document.adoptNode(fresh));
  }
  document.dispatchEvent(new Event(DRAWN_AGAIN));
}

// Show what only serves with scripts.
export function reveal(part) {
  for (const shown of part.querySelectorAll("[data-by-script]")) shown.hidden = false;
}

// Leave out the files of which this page tells; they count no more against what is left.
export function leaveOut(page, held) {
  const room = page.querySelector('[data-part="room"]');
  for (const file of page.querySelectorAll("[data-upload]")) {
    if (!held.includes(file.dataset.upload)) continue;
    room.dataset.files = Number(room.dataset.files) + 1;
    room.dataset.bytes = Number(room.dataset.bytes) + Number(file.dataset.size);
    file.remove();
  }
  for (const list of page.querySelectorAll("[data-part=arrivals]")) list.hidden = !list.querySelector("[data-upload]");
}

// Send the small forms of these parts without leaving the page: a file is perhaps on its way.
export function inPlace({ held, speak }) {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-in-place]")) return;
    event.preventDefault();
    const button = event.submitter;
    const turn = ++asked;
    const post = () => fetch(form.getAttribute("action"), { method: "POST", body: new FormData(form) });
    const stale = async (answer) => answer.status === 403 && (await renew());
    const answer = await post().then(async (first) => ((await stale(first)) ? post() : first)).catch(() => null);
    delete form.dataset.sent;
    const page = answer && parse(await answer.text());
    if (answer?.ok && answer.redirected) {
      form.querySelector("input[type=password]")?.blur();
      swap(page, held, turn);
      speak(page.querySelector("main .fr-alert")?.textContent ?? "");
      if (!button?.isConnected) document.querySelector("[data-heading]").focus();
    } else {
      const sentence = page?.querySelector("main .fr-error-text")?.textContent ?? say("offline-form");
      const place = form.querySelector("[data-error]");
      if (place) place.textContent = sentence;
      speak(sentence);
      form.querySelector("input[type=password]")?.select();
    }
  });
}
