// Choosing files: each is shown with its size, made smaller if asked, and measured against what is left.
import { isPhoto, reduced } from "./picture.js";
import { draw, row } from "./row.js";
import { count, say, size } from "./words.js";

const LIGHT = "escale-light";
const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

// Only a secure page may compute it; without it, a file is told from another by the house alone.
async function digest(file) {
  return crypto.subtle ? hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer())) : "";
}

// Draw the key of a sending: asked again with it, the house gives the same answer.
function drawKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return hex(bytes.buffer).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

const remembered = () => {
  try {
    return localStorage.getItem(LIGHT) === "1";
  } catch {
    return false; // some browsers keep nothing
  }
};
const remember = (light) => {
  try {
    localStorage.setItem(LIGHT, light ? "1" : "");
  } catch {
    // nothing is lost but the habit
  }
};

// Wire the choice of files; `take()` gives those that may be sent, and says what is wrong with the others.
export function choosing({ card, form, act, speak, sending }) {
  const files = new Set();
  const input = form.querySelector("input[type=file]");
  const list = form.querySelector("[data-chosen]");
  const light = form.querySelector("[data-light]");
  const error = form.querySelector("[data-files-error]");
  const limit = Number(card.dataset.limit);
  let work = Promise.resolve(); // one at a time: a photo of twelve megapixels takes fifty megabytes to draw

  function add(found) {
    complain("");
    if (!input.multiple) [...files].forEach(remove);
    for (const file of input.multiple ? found : found.slice(0, 1)) {
      if (isListed(file)) {
        speak(say("listed", { name: file.name }));
        continue;
      }
      const one = { original: file, file, told: size(file.size), state: "chosen", sentence: "" };
      Object.assign(one, { percent: 0, there: 0, tries: 0 });
      one.row = row(one, (what) => act(one, what));
      files.add(one);
      list.append(one.row);
      prepare(one);
    }
    speak(say("chosen-total", totals()));
  }

  const isListed = (file) => [...files, ...sending.files].some(({ original, state }) =>
    !["received", "already", "refused"].includes(state) && original.name === file.name && original.size === file.size
    && original.lastModified === file.lastModified);

  function prepare(one) {
    draw(one);
    one.ready = work = work.then(() => measure(one)).catch(() => null).then(() => {
      draw(one);
      total();
    });
  }

  async function measure(one) {
    const { original } = one;
    Object.assign(one, { file: original, told: size(original.size), sentence: "", state: "chosen" });
    one.sha256 = original.size <= limit ? await digest(original) : "";
    if (light.checked && !isKnown(one.sha256)) {
      const smaller = isPhoto(original) ? await reduced(original) : null;
      if (smaller) {
        Object.assign(one, { file: smaller, sha256: await digest(smaller) });
        one.told = say("reduced", { before: size(original.size), after: size(smaller.size) });
      } else if (original.size <= limit) {
        one.told = `${size(original.size)}. ${say(isPhoto(original) ? "already-light" : "as-is")}`;
      }
    }
    if (one.file.size > limit) refuse(one, say(isPhoto(original) ? "too-big-photo" : "too-big", { most: size(limit) }));
    else if (!one.file.size) refuse(one, say("empty"));
  }

  // A file already begun as it is goes on as it is.
  const isKnown = (sha256) => sha256 && document.querySelector(`[data-sha256="${sha256}"]`);

  const refuse = (one, sentence) => Object.assign(one, { state: "refused", sentence });

  function totals() {
    const room = card.querySelector('[data-part="room"]').dataset;
    const counted = [...files, ...sending.files].filter(({ state }) =>
      ["chosen", "waiting", "sending", "checking", "cut", "paused"].includes(state));
    const sum = (some) => some.reduce((bytes, { file }) => bytes + file.size, 0);
    const mine = [...files].filter(({ state }) => state === "chosen");
    const left = { files: room.files - counted.length, bytes: room.bytes - sum(counted) };
    return { mine, left, files: count("files", mine.length), all: size(sum(mine)), over: left.files < 0 || left.bytes < 0,
      left_files: count("files", Math.max(0, left.files)), left_bytes: size(Math.max(0, left.bytes)) };
  }

  function total() {
    const sums = totals();
    card.querySelector("[data-choice]").hidden = !files.size;
    const picked = new DataTransfer(); // so that the browser's own words tell how many are chosen
    for (const { original } of files) picked.items.add(original);
    input.files = picked.files;
    const line = card.querySelector("[data-total]");
    line.hidden = !sums.mine.length;
    line.textContent = say(sums.over ? "too-much" : "total", sums);
    line.classList.toggle("fr-error-text", sums.over);
  }

  function remove(one) {
    const next = one.row.nextElementSibling ?? one.row.previousElementSibling;
    files.delete(one);
    one.row.remove();
    total();
    (next?.querySelector("button:not([hidden])") ?? input).focus();
  }

  function complain(sentence) {
    error.textContent = sentence;
    error.hidden = !sentence;
    input.toggleAttribute("aria-invalid", Boolean(sentence));
    if (sentence) input.focus();
  }

  function takeUp() {
    if (input.files.length) add([...input.files]);
    total();
  }

  input.addEventListener("change", takeUp);
  for (const kind of ["dragover", "drop", "dragleave"]) {
    card.addEventListener(kind, (event) => {
      if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
      event.preventDefault();
      card.classList.toggle("own-drop", kind === "dragover");
      if (kind === "drop") add([...event.dataTransfer.files]);
    });
  }
  light.checked = remembered();
  light.addEventListener("change", () => {
    remember(light.checked);
    files.forEach(prepare);
  });
  card.addEventListener("click", (event) => {
    if (event.target.closest("[data-choose]")) input.click();
  });

  takeUp(); // what was chosen before this script came

  return {
    remove,
    has: (one) => files.has(one),
    ready: () => work,
    // Give the files to send, with what they are said to be.
    take() {
      const { mine, over } = totals();
      if (!mine.length || over) {
        complain(say(over ? "too-much-short" : "none"));
        return [];
      }
      const typed = new FormData(form);
      const fields = Object.fromEntries(["paper", "bill", "replaces", "answers", "appeal"].map((name) => [name, typed.get(name)]));
      fields.medical = typed.has("medical") ? "1" : "";
      for (const one of mine) {
        files.delete(one);
        Object.assign(one, { fields, key: drawKey() });
      }
      total();
      return mine;
    },
  };
}
