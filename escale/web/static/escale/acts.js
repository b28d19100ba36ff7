// The field of an act offers the acts that answer what is typed; without this script, a link leads to a page that does.
const WAIT = 150;

for (const field of document.querySelectorAll("input[data-acts]")) {
  const list = document.createElement("ul");
  const said = document.createElement("p");
  list.id = `${field.id}-actes`;
  list.className = "house-offered";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Actes proposés");
  said.className = "fr-sr-only";
  said.setAttribute("role", "status");
  field.after(list, said);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");
  field.parentElement.classList.add("house-offering");

  let timer, asked = 0, current = -1;

  const close = () => {
    list.hidden = true;
    current = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const choose = (option) => {
    field.value = option.dataset.code;
    said.textContent = option.textContent;
    close();
    field.focus();
  };
  const move = (step) => {
    const options = [...list.children];
    if (!options.length) return;
    current = (current + step + options.length) % options.length;
    options.forEach((option, rank) => option.setAttribute("aria-selected", String(rank === current)));
    options[current].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", options[current].id);
  };
  const show = (acts) => {
    list.replaceChildren(...acts.map((act, rank) => {
      const option = document.createElement("li");
      const code = document.createElement("strong");
      option.id = `${list.id}-${rank}`;
      option.dataset.code = act.code;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      code.textContent = act.code;
      option.append(code, ` ${act.libelle}${act.tarif ? `, ${act.tarif}` : ""}`);
      option.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(option); });
      return option;
    }));
    current = -1;
    list.hidden = !acts.length;
    field.setAttribute("aria-expanded", String(Boolean(acts.length)));
    field.removeAttribute("aria-activedescendant");
    said.textContent = acts.length ? `${acts.length} acte${acts.length > 1 ? "s" : ""}` : "Aucun acte";
  };
  const ask = async () => {
    const mine = ++asked;
    if (field.value.trim().length < 2) return close();
    try {
      const answer = await fetch(`${field.dataset.acts}&mots=${encodeURIComponent(field.value.trim())}`);
      const { actes } = answer.ok && !answer.redirected ? await answer.json() : { actes: [] };
      if (mine === asked && document.activeElement === field) show(actes);
    } catch {
      close();  // the network is away: the field stays a plain one
    }
  };

  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
  field.addEventListener("blur", () => { asked++; close(); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); }
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); move(event.key === "ArrowDown" ? 1 : -1); }
    if (event.key === "Enter" && current >= 0) { event.preventDefault(); choose(list.children[current]); }
  });
}
