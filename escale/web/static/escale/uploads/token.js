// The token of the page: a session begun since, in another tab, has another one, which the page fetched again tells.
import { patient } from "./sending.js";

const FIELD = "[name=csrfmiddlewaretoken]";
const parser = new DOMParser();

export const parse = (text) => parser.parseFromString(text, "text/html");

// Fetch the page again, as it is now; nothing, if it is not for whoever is signed in now.
export async function pageAgain(signal) {
  const answer = await fetch(location.pathname + location.search, { signal: patient(signal) });
  return answer.ok && !answer.redirected ? parse(await answer.text()) : null;
}

// Give every form the token of the session as it is now, and tell whether there is one.
export async function renew(signal) {
  const fresh = (await pageAgain(signal))?.querySelector(`[data-uploads] ${FIELD}`);
  if (fresh) for (const field of document.querySelectorAll(FIELD)) field.value = fresh.value;
  return Boolean(fresh);
}

// Do what asks for a token; refused for it, once more with a new one.
export async function withToken(act, signal) {
  const token = () => document.querySelector(`[data-uploads] ${FIELD}`).value;
  try {
    return await act(token());
  } catch (trouble) {
    if (trouble.status !== 403 || !(await renew(signal))) throw trouble;
    return act(token());
  }
}
