// One file, from its announcement to what the house says of it: tus 1.0, by tus-js-client.
const PATIENCE = 30_000; // for an answer without a body
const STALLED = 120_000; // without one more byte gone: the link is dead, although nobody said so
const ASK_AGAIN = [408, 409, 423, 425, 429, 460];

// What the house answered, when it is no: `final` if asking again would be answered the same.
export class Refusal extends Error {
  constructor(status, sentence, final) {
    super(sentence);
    Object.assign(this, { status, final });
  }
}

const isFinal = (status) => status >= 400 && status < 500 && !ASK_AGAIN.includes(status);

// Announce a file; return where it goes, how much of it is already there, and whether it is all there.
export async function announce(one, { address, token, signal }) {
  const headers = {
    "Tus-Resumable": "1.0.0", "X-CSRFToken": token, "Upload-Length": one.file.size, "Upload-Metadata": metadata(one),
  };
  const answer = await fetch(address, { method: "POST", headers, redirect: "manual", signal: patient(signal) });
  if (!answer.ok) throw await refusal(answer, isFinal(answer.status) || answer.status === 409);
  return { address: answer.headers.get("Location"), there: Number(answer.headers.get("Upload-Offset")) };
}

function metadata(one) {
  const told = { filename: one.file.name, filetype: one.file.type, sha256: one.sha256, key: one.key, ...one.fields };
  return Object.entries(told).filter(([, value]) => value).map(([name, value]) => `${name} ${base64(value)}`).join(",");
}

const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

// Send what the house has not yet received, over one connection.
export function send(one, { token, signal, moved }) {
  return new Promise((done, fail) => {
    let watch;
    const upload = new tus.Upload(one.file, {
      uploadUrl: one.address,
      headers: { "X-CSRFToken": token },
      retryDelays: null,
      storeFingerprintForResuming: false,
      onProgress: (sent, all) => {
        clearTimeout(watch);
        watch = setTimeout(() => end(() => fail(new Error("stalled"))), STALLED);
        moved(sent, all);
      },
      onSuccess: () => end(done),
      onError: (error) => end(() => fail(new Refusal(status(error), sentence(error), isFinal(status(error))))),
    });
    const end = (how) => {
      clearTimeout(watch);
      signal.removeEventListener("abort", stop);
      upload.abort();
      how();
    };
    const stop = () => end(() => fail(signal.reason));
    signal.addEventListener("abort", stop);
    upload.start();
  });
}

const status = (error) => error.originalResponse?.getStatus() ?? 0;

function sentence(error) {
  try {
    return JSON.parse(error.originalResponse.getBody()).sentence ?? "";
  } catch {
    return "";
  }
}

// Ask what became of a file: an answer that never came is settled so.
export async function ask(address, signal) {
  const headers = { Accept: "application/json" };
  const answer = await fetch(address, { headers, redirect: "manual", signal: patient(signal) });
  if (!answer.ok) throw await refusal(answer, isFinal(answer.status));
  return answer.json();
}

// Have what arrived of a file forgotten.
export async function forget(address, token) {
  const headers = { "Tus-Resumable": "1.0.0", "X-CSRFToken": token };
  const answer = await fetch(address, { method: "DELETE", headers, signal: patient() });
  if (!answer.ok) throw await refusal(answer, isFinal(answer.status));
}

// Stop when asked to, or when no answer comes.
export function patient(signal) {
  const control = new AbortController();
  setTimeout(() => control.abort(), PATIENCE);
  signal?.addEventListener("abort", () => control.abort());
  return control.signal;
}

async function refusal(answer, final) {
  const told = await answer.json().catch(() => ({}));
  return new Refusal(answer.status, told.sentence ?? "", final);
}
