// The text of a paper, over its picture: it can be selected and searched; a click on a word fills the field that was
// being filled. Without it, the papers and the list of what was read stay as they are.

const FIELDS = "main form :is(input:not([type=hidden], [type=checkbox], [type=radio], [type=submit]), textarea)";
const said = Object.assign(document.createElement("p"), { className: "fr-sr-only" });
said.setAttribute("role", "status");
let field = null;

// Digits of any script, as the forms read them: of those written here, each block of ten begins with its zero.
const ZEROS = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50, 0x0ed0, 0x17e0, 0x1040];
const western = (text) => text.replace(/\p{Nd}/gu, (sign) => {
  const zero = ZEROS.find((start) => start <= sign.codePointAt(0) && sign.codePointAt(0) < start + 10);
  return zero ? sign.codePointAt(0) - zero : sign;
});

// A number as it stands on the paper: one mark before three digits parts thousands there; a day is none.
const amount = (text) => {
  if (/\p{Nd}[-/:]\p{Nd}/u.test(text)) return "";
  const plain = western(text).replace(/٫/g, ",").replace(/[^\d.,]/g, "").replace(/^[.,]+|[.,]+$/g, "");
  const mark = Math.max(plain.lastIndexOf("."), plain.lastIndexOf(","));
  if (mark < 0 || plain.length - mark === 4) return plain.replace(/[.,]/g, "");
  return `${plain.slice(0, mark).replace(/[.,]/g, "")},${plain.slice(mark + 1)}`;
};

// The currencies that a paper may be in: those found on it, else that of its bill.
const currencies = (source) => {
  const paper = source.closest("[data-currency]");
  const found = [...(paper?.querySelectorAll('[data-field="currency"]') ?? [])].map((one) => one.dataset.fill);
  return found.length ? found : [paper?.dataset.currency].filter(Boolean);
};

// `found`: the text is what the machine made of the paper, a figure already; else, words as they are written.
const fill = (text, source, found) => {
  if (!field || !field.isConnected) return;
  const number = field.inputMode === "decimal" || field.inputMode === "numeric" || field.type === "number";
  const value = !number ? text.trim() : found && /^\d+(\.\d+)?$/.test(text) ? text.replace(".", ",") : amount(text);
  if (!value || (field.type === "date" && !/^\d{4}-\d{2}-\d{2}$/.test(value))) return;  // a day is never guessed
  const [currency] = currencies(source).filter((code) => code !== "EUR");
  if (currency && field.inputMode === "decimal" && field.labels[0]?.textContent.includes("(€)")) {
    said.textContent = `Non repris : ce montant est en ${currency}, le champ attend des euros.`;
    return;
  }
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.focus();
  said.textContent = `Repris : ${field.value}`;
};

const wordAt = (event) => {
  const caret = document.caretPositionFromPoint?.(event.clientX, event.clientY);
  const range = caret ? null : document.caretRangeFromPoint?.(event.clientX, event.clientY);
  const node = caret?.offsetNode ?? range?.startContainer;
  if (!node || node.nodeType !== Node.TEXT_NODE) return event.target.textContent;
  const at = caret?.offset ?? range.startOffset;
  const words = node.data.matchAll(/\p{Nd}(?:[\p{Nd}.,٫'’/-]|\s(?=\p{Nd}{3}(?!\p{Nd})))*|[^\s]+/gu);
  return [...words].find((word) => word.index <= at && at <= word.index + word[0].length)?.[0] ?? "";
};

// The place of a click in shares of the page: told by the span itself, for which the page is never turned.
const placed = ({ offsetX, offsetY, target }, [left, top, right, bottom]) => [
  left + (right - left) * offsetX / target.offsetWidth,
  top + (bottom - top) * offsetY / target.offsetHeight,
];

const within = ([left, top, right, bottom], [x, y]) => left <= x && x <= right && top <= y && y <= bottom;

const lay = (layer, { lines, findings }) => {
  const boxes = new WeakMap();
  for (const { text, box } of lines) {
    const [left, top, right, bottom] = box;
    const span = Object.assign(document.createElement("span"), { textContent: text });
    Object.assign(span.style, { left: `${left * 100}%`, top: `${top * 100}%`, width: `${(right - left) * 100}%` });
    boxes.set(span, box);
    span.style.height = `${(bottom - top) * 100}%`;
    layer.append(span, " ");
    span.style.fontSize = `${layer.clientHeight * (bottom - top) * 0.8}px`;
    const wide = span.scrollWidth > 0 ? span.clientWidth / span.scrollWidth : 1;
    if (wide < 1) span.style.fontSize = `${parseFloat(span.style.fontSize) * wide}px`;
  }
  layer.addEventListener("click", (event) => {
    const box = boxes.get(event.target);
    if (!box || getSelection().toString()) return;
    const place = placed(event, box);
    const found = findings.find((one) => one.value && within(one.box, place));
    fill(found ? found.value : wordAt(event), layer, found);
  });
};

const show = async (layer) => {
  const picture = layer.previousElementSibling;
  if (!picture?.matches(".house-page")) return;
  const sheet = Object.assign(document.createElement("div"), { className: "house-sheet" });
  picture.before(sheet);
  sheet.append(picture, layer);
  try {
    const answer = await fetch(layer.dataset.words);
    if (!answer.ok || answer.redirected) return;
    layer.hidden = false;
    lay(layer, await answer.json());
  } catch {
    layer.hidden = true;  // the network is away: the picture is still there
  }
};

document.addEventListener("focusin", ({ target }) => { if (target.matches(FIELDS)) field = target; });
// Without a mouse: from a field to what was read, and back with it; to go through the fields would choose another.
document.addEventListener("keydown", (event) => {
  const first = document.querySelector("[data-fill] button");
  if (event.key !== "Escape" || event.defaultPrevented || !first || !event.target.matches(FIELDS)) return;
  field = event.target;
  first.focus();
});
document.querySelector("main")?.append(said);
for (const value of document.querySelectorAll("[data-fill]")) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "fr-tag fr-tag--sm" });
  button.textContent = value.textContent;
  button.title = "Reprendre dans le champ en cours (Échap, dans un champ, mène ici)";
  button.addEventListener("click", () => fill(value.dataset.fill, value, true));
  value.replaceChildren(button);
}
const waiting = new Map();
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) read(target);
});
const read = (picture) => {
  seen.unobserve(picture);
  const layer = waiting.get(picture);
  if (waiting.delete(picture)) show(layer);
};
for (const layer of document.querySelectorAll("[data-words]")) {
  const picture = layer.previousElementSibling;
  if (!picture) continue;
  waiting.set(picture, layer);
  seen.observe(picture);
}
// Whoever searches the page searches all its papers, those too that were not looked at yet.
document.addEventListener("keydown", ({ key, ctrlKey, metaKey }) => {
  if ((ctrlKey || metaKey) && key.toLowerCase() === "f") for (const picture of [...waiting.keys()]) read(picture);
});
