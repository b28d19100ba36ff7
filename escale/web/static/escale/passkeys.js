// A passkey is made, or signs, here: the form then carries what it answered. Without a browser that can, it stays hidden.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (keys = []) => keys.map((key) => ({ ...key, id: bytes(key.id) }));

const create = async (asked) => {
  const user = { ...asked.user, id: bytes(asked.user.id) };
  const publicKey = { ...asked, user, challenge: bytes(asked.challenge), excludeCredentials: named(asked.excludeCredentials) };
  const { id, type, response } = await navigator.credentials.create({ publicKey });
  const told = { clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject) };
  return { id, rawId: id, type, response: told };
};
const get = async (asked) => {
  const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: named(asked.allowCredentials) };
  const { id, type, response } = await navigator.credentials.get({ publicKey });
  const told = {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: response.userHandle ? text(response.userHandle) : null,
  };
  return { id, rawId: id, type, response: told };
};
const USES = { create, get };

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) break;
  form.hidden = false;
  const refusal = form.querySelector("[data-refusal]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    refusal.hidden = true;
    try {
      const asked = await fetch(form.dataset.challenge, { method: "POST", body: new FormData(form) });
      if (!asked.ok || asked.redirected) throw new Error("no challenge");
      const { publicKey } = await asked.json();
      form.elements.credential.value = JSON.stringify(await USES[form.dataset.passkey](publicKey));
      form.submit();
    } catch {
      refusal.hidden = false;
      delete form.dataset.sent;
    }
  });
}
