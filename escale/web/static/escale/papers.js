// The papers of a claim, looked at without leaving its lines: zoom, turn, go from one to the next.
const LEAST = 1, MOST = 4, STEP = 1.25;
const pages = document.querySelector("[data-pages]");
const tools = document.querySelector("[data-tools]");

if (pages && tools) {
  const papers = [...pages.querySelectorAll("article")].filter((paper) => !paper.closest("details"));
  const said = tools.querySelector("[role=status]");
  let zoom = 1;

  const current = () => {
    const top = pages.getBoundingClientRect().top;
    const seen = papers.findIndex((paper) => paper.getBoundingClientRect().bottom > top + 40);
    return seen < 0 ? papers.length - 1 : seen;
  };
  const go = (step) => {
    const paper = papers[Math.min(Math.max(current() + step, 0), papers.length - 1)];
    pages.scrollTop += paper.getBoundingClientRect().top - pages.getBoundingClientRect().top;
    paper.focus({ preventScroll: true });
  };
  const enlarge = (factor) => {
    zoom = factor ? Math.min(Math.max(zoom * factor, LEAST), MOST) : 1;
    const paper = papers[current()];
    pages.style.setProperty("--zoom", zoom);
    paper.scrollIntoView({ block: "nearest" });
    said.textContent = `${Math.round(zoom * 100)} %`;
  };
  const turn = () => {
    for (const page of papers[current()].querySelectorAll(".house-page")) {
      const image = page.querySelector("img");
      const quarters = (Number(page.dataset.turned ?? 0) + 1) % 4;
      page.dataset.turned = quarters;
      const ratio = image.width / image.height || 1;
      const sheet = page.closest(".house-sheet") ?? page;  // with its text, where it was read
      sheet.style.setProperty("--turn", `${quarters * 90}deg`);
      sheet.style.setProperty("--fit", quarters % 2 ? Math.min(ratio, 1 / ratio) : 1);
    }
    said.textContent = tools.dataset.turned;
  };

  const acts = {
    before: () => go(-1), after: () => go(1), turn,
    closer: () => enlarge(STEP), farther: () => enlarge(1 / STEP), whole: () => enlarge(0),
  };
  for (const button of tools.querySelectorAll("button")) button.addEventListener("click", acts[button.dataset.act]);
  tools.hidden = false;
}
