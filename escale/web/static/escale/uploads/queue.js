// Which file goes when: at most two at once, again and again while the network fails, none twice beside itself.
import { announce, ask, forget, send } from "./sending.js";
import { withToken } from "./token.js";
import { say } from "./words.js";

const BUSY = ["sending", "checking"];
const UNDER_WAY = ["waiting", ...BUSY, "cut"];
const SECONDS = [0.5, 1, 3, 5, 10, 20, 30];

const isSlow = () => navigator.connection?.saveData || /2g|3g/.test(navigator.connection?.effectiveType ?? "");

export const isUnderWay = (one) => UNDER_WAY.includes(one.state);
export const tokenOf = (one) => one.address?.split("/").at(-2);

// Open the queue of a page: `changed(one)` follows every step of a file, `ended(one)` its last.
export function queue({ address, changed, ended }) {
  const files = new Set();

  function become(one, state, sentence = "") {
    if (one.state === state && one.sentence === sentence) return;
    Object.assign(one, { state, sentence });
    changed(one);
  }

  function pump() {
    if (!navigator.onLine) return;
    const busy = [...files].filter((one) => BUSY.includes(one.state));
    for (const one of files) {
      if (busy.length >= (isSlow() ? 1 : 2)) return;
      if (one.state !== "waiting" || busy.some((other) => other.sha256 && other.sha256 === one.sha256)) continue;
      busy.push(one);
      carry(one);
    }
  }

  async function carry(one) {
    const control = (one.control = new AbortController());
    const { signal } = control;
    try {
      settle(one, await withToken((token) => deliver(one, token, signal), signal));
    } catch (trouble) {
      if (!signal.aborted) fail(one, trouble); // else whoever stopped it has said why
    }
    pump();
  }

  // Bring a file to its end, and return what became of it. It is announced each time: a door that closes on bytes
  // under way is not heard, one that closes on a few words is.
  async function deliver(one, token, signal) {
    become(one, "sending");
    const whole = await enter(one, token, signal);
    if (!whole) await send(one, { token, signal, moved: (n, all) => move(one, n, all) });
    become(one, "checking");
    return ask(one.address, signal);
  }

  // Announce a file, and tell whether it is already whole.
  async function enter(one, token, signal) {
    const { address: place, there } = await announce(one, { address, token, signal });
    if (there > one.there) one.tries = 0;
    Object.assign(one, { address: place, there });
    one.percent = Math.floor((100 * there) / one.file.size);
    changed(one);
    return there === one.file.size;
  }

  function move(one, sent, all) {
    one.moved = true;
    one.percent = Math.floor((100 * sent) / all);
    if (sent === all) become(one, "checking");
    else become(one, "sending");
    changed(one);
  }

  const hold = (one, why) => become(one, "cut", why || say("again"));

  function settle(one, told) {
    if (told.status === "arriving") return fail(one, new Error("not whole"));
    const state = told.status === "received" && !one.moved ? "already" : told.status;
    become(one, state, state === "already" ? say("already-sentence") : told.sentence);
    ended(one);
  }

  function fail(one, trouble) {
    if ([401, 403].includes(trouble.status)) return pauseAll(trouble.message || say("trouble"));
    if ([404, 410].includes(trouble.status) && one.address && !one.anew) {
      Object.assign(one, { address: null, key: undefined, anew: true, percent: 0 }); // it was kept no longer
      return become(one, "waiting");
    }
    if (trouble.final) {
      become(one, "refused", trouble.message || say("trouble"));
      return ended(one);
    }
    hold(one, navigator.onLine ? trouble.status && trouble.message : say("offline"));
    const seconds = SECONDS[Math.min(one.tries++, SECONDS.length - 1)];
    one.again = setTimeout(() => resume(one), 1000 * seconds);
  }

  function stop(one) {
    clearTimeout(one.again);
    one.control?.abort();
  }

  function pause(one, sentence = "") {
    stop(one);
    become(one, "paused", sentence);
    pump();
  }

  const pauseAll = (sentence) => [...files].filter(isUnderWay).forEach((one) => pause(one, sentence));

  function resume(one) {
    clearTimeout(one.again);
    become(one, "waiting");
    pump();
  }

  window.addEventListener("offline", () => {
    for (const one of [...files].filter((each) => BUSY.includes(each.state) || each.state === "cut")) {
      stop(one);
      become(one, "cut", say("offline"));
    }
  });
  window.addEventListener("online", () => [...files].filter((one) => one.state === "cut").forEach(resume));

  return {
    files,
    pause,
    resume,
    add(one) {
      files.add(one);
      become(one, "waiting");
      pump();
    },
    async cancel(one) {
      stop(one);
      files.delete(one);
      one.state = "cancelled";
      pump();
      if (one.address) await withToken((token) => forget(one.address, token)).catch(() => null);
    },
  };
}
