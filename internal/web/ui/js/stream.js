// One stream of changes from the server, read by hand so that its status, its silence and its place can be looked at: it goes
// on after the last event that came (Last-Event-ID), whatever broke it: sleep, a restart, a change of what is wanted. Where
// a proxy keeps streams back, it asks now and then instead, and tries a stream again later. tell gets {id, changed}: up to the event
// of that number all is told, and these topics changed; {anew} with it when the numbers begin anew; {out} when nobody is
// signed in any more.
const streamSilence = 50000; // the server says something every 20 s
const streamFirstByte = 8000;
const streamPollEvery = 15000;
const streamTryAgain = 300000;

export function changeStream(tell) {
  let topics = [], last = 0, heardAt = 0, failed = 0, pollUntil = 0, control, timer, fewer, busy = false;

  const later = (ms, run) => {
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  };
  const ask = (type) =>
    fetch("/live?topics=" + topics.map(encodeURIComponent).join(","), {
      headers: { Accept: type, ...(last && { "Last-Event-ID": String(last) }) }, signal: control.signal, cache: "no-store",
    });
  function take(block) {
    const field = (name) => block.match(new RegExp(`^${name}: (.*)$`, "m"))?.[1];
    const id = Number(field("id") || 0), data = field("data");
    if (id && id < last) last = 0; // another server counts: all that is shown may be old
    tell({ id, changed: last || !id ? (field("event") === "changed" ? data.split(" ") : []) : topics, anew: !last });
    last = Math.max(last, id);
  }

  async function read(res, mine) {
    const reader = res.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done || mine !== control) return;
      heardAt = Date.now();
      failed = 0;
      later(streamSilence, () => mine.abort());
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      blocks.forEach(take);
    }
  }

  // A page instead of what was asked for is the one to sign in on.
  const refused = (res) => res.redirected || res.status === 401 || res.status === 403;

  async function open() {
    clearTimeout(timer);
    clearTimeout(fewer);
    control?.abort();
    const mine = (control = new AbortController());
    heardAt = 0;
    busy = true;
    try {
      if (Date.now() < pollUntil) return await poll(mine);
      later(streamFirstByte, () => mine.abort());
      const res = await ask("text/event-stream");
      if (refused(res)) return end();
      if (!res.ok) pollUntil = Date.now() + 60000;
      else await read(res, mine);
    } catch {
      // Broken, silent or replaced: what follows is the same.
    }
    if (mine !== control) return;
    if (!heardAt && mine.signal.aborted) pollUntil = Date.now() + streamTryAgain;
    later(pollUntil > Date.now() ? 0 : Math.min(30000, 300 * 2 ** failed++) * (0.5 + Math.random()), open);
  }

  async function poll(mine) {
    later(streamFirstByte, () => mine.abort());
    const res = await ask("application/json");
    if (refused(res)) return end();
    const answer = await res.json();
    if (mine !== control) return;
    tell({ id: answer.id, changed: answer.changed || [], anew: answer.id < last });
    last = answer.id;
    heardAt = Date.now();
    later(streamPollEvery, open);
  }

  function end() {
    busy = false;
    clearTimeout(timer);
    tell({ out: true });
  }

  return {
    // want says what is to be told of, and after which event; less than before is left for later, more is asked for at once.
    want(wanted, after) {
      const more = wanted.some((t) => !topics.includes(t));
      const behind = after && last && after < last;
      const asleep = heardAt && Date.now() - heardAt > streamSilence;
      last = last && after ? Math.min(last, after) : last || after || 0;
      if (more || behind || asleep || !busy) {
        topics = wanted;
        failed = 0;
        open();
      } else if (wanted.length < topics.length) {
        topics = wanted;
        clearTimeout(fewer);
        fewer = setTimeout(open, 5000);
      }
    },
    close() {
      busy = false;
      clearTimeout(timer);
      clearTimeout(fewer);
      control?.abort();
      control = undefined;
    },
  };
}
