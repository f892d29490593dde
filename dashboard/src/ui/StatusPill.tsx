import { Icon, type IconName } from "./Icon";

const TONES = {
  ok: { icon: "ok", colour: "text-ok" },
  notice: { icon: "notice", colour: "text-accent" },
  warn: { icon: "warn", colour: "text-warn" },
  fail: { icon: "fail", colour: "text-danger" },
  busy: { icon: "busy", colour: "text-accent" },
  wait: { icon: "wait", colour: "text-muted" },
  off: { icon: "off", colour: "text-muted" },
} as const satisfies Record<string, { icon: IconName; colour: string }>;

export type Tone = keyof typeof TONES;

type Props = {
  tone: Tone;
  word: string;
  title?: string;
  /** On a narrow screen the icon stands alone, and the word is read out. */
  terse?: boolean;
};

/** A state as icon, word and colour; the colour is never alone. */
export function StatusPill({ tone, word, title, terse = false }: Props) {
  const { icon, colour } = TONES[tone];
  return (
    <span className={`inline-flex items-baseline gap-1 whitespace-nowrap font-medium ${colour}`} title={title}>
      <Icon name={icon} className="self-center" />
      {terse ? <span className="max-sm:sr-only">{word}</span> : word}
    </span>
  );
}
