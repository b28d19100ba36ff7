// What the person sees of one file: its name, its size, where it stands, and what can be done.
import { say } from "./words.js";

const COLOURS = {
  sending: "info", checking: "info", paused: "new", cut: "warning", received: "success", already: "success",
  locked: "warning", refused: "error",
};
const UNDER_WAY = ["waiting", "sending", "cut", "paused"];
const template = document.querySelector("template[data-row]").content;

// Make the row of a file; `act` is called with what its buttons ask.
export function row(one, act) {
  const element = template.firstElementChild.cloneNode(true);
  for (const button of element.querySelectorAll("[data-act]")) {
    button.addEventListener("click", () => act(button.dataset.act));
  }
  return element;
}

// Write where a file stands.
export function draw(one) {
  const part = (name) => one.row.querySelector(`[data-${name}]`);
  const name = one.file.name;
  part("name").textContent = name;
  part("told").textContent = one.told;
  part("state").textContent = say(one.state, { percent: one.percent });
  part("state").className = `fr-badge fr-badge--sm house-status fr-badge--${COLOURS[one.state] ?? "no-icon"}`;
  part("sentence").textContent = one.sentence;
  part("sentence").hidden = !one.sentence;
  part("sentence").className = one.state === "refused" ? "fr-error-text" : "fr-text--sm house-quiet fr-mb-0";
  const progress = part("progress");
  progress.hidden = !UNDER_WAY.includes(one.state) && one.state !== "checking";
  progress.value = one.percent;
  progress.textContent = `${one.percent} %`;
  progress.setAttribute("aria-label", say("progress", { name }));
  const offers = {
    pause: UNDER_WAY.includes(one.state) && (one.state === "paused" ? "go-on" : "pause"),
    cancel: UNDER_WAY.includes(one.state) && "cancel",
    remove: ["chosen", "refused"].includes(one.state) && "remove",
  };
  for (const [act, label] of Object.entries(offers)) {
    const button = one.row.querySelector(`[data-act="${act}"]`);
    button.hidden = !label;
    if (label) button.firstChild.textContent = say(label);
    button.querySelector(".fr-sr-only").textContent = ` ${name}`;
  }
}
