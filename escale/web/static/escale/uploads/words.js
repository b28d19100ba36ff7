// The sentences stand in the page, where they are translated; here they are found, and filled.
const sentences = document.querySelector("template[data-words]").content;

export function say(name, values = {}) {
  const sentence = sentences.querySelector(`[data-word="${name}"]`).textContent;
  return sentence.replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

export function count(name, n) {
  return say(n === 1 ? `${name}-one` : `${name}-many`, { n });
}

// As the server writes it: « 310 Ko », « 1,4 Mo ».
export function size(bytes) {
  const mebi = 1024 * 1024;
  if (bytes < mebi) return `${Math.max(1, Math.round(bytes / 1024))}\u00a0Ko`;
  return `${(bytes / mebi).toFixed(1).replace(".", ",").replace(",0", "")}\u00a0Mo`;
}
