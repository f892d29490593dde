type Said = { text: string; urgent: boolean };
type Listener = (said: Said) => void;

const EVERY_MS = 1_000;
const waiting: Said[] = [];
let listener: Listener | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

function next(): void {
  timer = undefined;
  const said = waiting.shift();
  if (!said || !listener) return;
  listener(said);
  timer = setTimeout(next, EVERY_MS);
}

function wake(): void {
  if (timer === undefined) timer = setTimeout(next, 0);
}

/** Tell those who listen instead of looking: the end of a job, an alert. At most one a second; urgent ones go first. */
export function announce(text: string, urgent = false): void {
  if (urgent) waiting.unshift({ text, urgent });
  else waiting.push({ text, urgent });
  wake();
}

export function onAnnouncement(told: Listener): () => void {
  listener = told;
  wake();
  return () => {
    listener = null;
  };
}
