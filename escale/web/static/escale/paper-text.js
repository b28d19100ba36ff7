// The text of a paper, over its picture: it can be selected and searched; a click on a word fills the field that was
// being filled. Without it, the papers and the list of what was read stay as they are.

const FIELDS = "main form :is(input:not([type=hidden], [type=checkbox], [type=radio], [type=submit]), textarea)";
const said = Object.assign(document.createElement("p"), { className: "fr-sr-only" });
said.setAttribute("role", "status");
let field = null;

const amount = (text) => {
  const plain = text.replace(/[^\d.,'\s]/g, "").replace(/[\s']/g, "");
  const mark = Math.max(plain.lastIndexOf("."), plain.lastIndexOf(","));
  if (mark < 0 || plain.length - mark === 4) return plain.replace(/[.,]/g, "");
  return `${plain.slice(0, mark).replace(/[.,]/g, "")},${plain.slice(mark + 1)}`;
};

const fill = (text) => {
  if (!field || !field.isConnected || !text) return;
  const iso = /^\d{4}-\d{2}-\d{2}$/.test(text);
  if (field.type === "date" && !iso) return;  // a day is never guessed
  const number = field.inputMode === "decimal" || field.inputMode === "numeric";
  field.value = number ? amount(text) : text;
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
  const words = node.data.matchAll(/\d(?:[\d.,'’/-]|\s(?=\d{3}(?!\d)))*|[^\s]+/g);
  return [...words].find((word) => word.index <= at && at <= word.index + word[0].length)?.[0] ?? "";
};

const within = (box, event, layer) => {
  const frame = layer.getBoundingClientRect();
  const x = (event.clientX - frame.left) / frame.width, y = (event.clientY - frame.top) / frame.height;
  return box[0] <= x && x <= box[2] && box[1] <= y && y <= box[3];
};

const lay = (layer, { lines, findings }) => {
  for (const { text, box } of lines) {
    const [left, top, right, bottom] = box;
    const span = Object.assign(document.createElement("span"), { textContent: text });
    Object.assign(span.style, { left: `${left * 100}%`, top: `${top * 100}%`, width: `${(right - left) * 100}%` });
    span.style.height = `${(bottom - top) * 100}%`;
    layer.append(span, " ");
    span.style.fontSize = `${layer.clientHeight * (bottom - top) * 0.8}px`;
    const wide = span.scrollWidth > 0 ? span.clientWidth / span.scrollWidth : 1;
    if (wide < 1) span.style.fontSize = `${parseFloat(span.style.fontSize) * wide}px`;
  }
  layer.addEventListener("click", (event) => {
    if (!event.target.matches("span") || getSelection().toString()) return;
    const found = findings.find(({ value, box }) => value && within(box, event, layer));
    fill(found ? found.value : wordAt(event));
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
document.querySelector("main")?.append(said);
for (const value of document.querySelectorAll("[data-fill]")) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "fr-tag fr-tag--sm" });
  button.textContent = value.textContent;
  button.title = "Reprendre dans le champ en cours";
  button.addEventListener("click", () => fill(value.dataset.fill));
  value.replaceChildren(button);
}
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    show(target.nextElementSibling);
  }
});
for (const layer of document.querySelectorAll("[data-words]")) {
  if (layer.previousElementSibling) seen.observe(layer.previousElementSibling);
}
