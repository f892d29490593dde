import { Link } from "@tanstack/react-router";
import type { Alert, Control, Session } from "@/api/types";
import { buttonClass } from "@/ui/Button";
import { controlState } from "@/ui/controlWords";
import { StatusPill, type Tone } from "@/ui/StatusPill";

type Page<Item> = { items: readonly Item[] };

/** Something that a person should look at, and where. */
export type Problem = {
  key: string;
  tone: Tone;
  word: string;
  sentence: string;
  to: "/alerts" | "/risk" | "/sessions";
};

const ALERTS: Record<string, Tone> = { critical: "fail", warning: "warn", info: "notice" };
const RANK: Partial<Record<Tone, number>> = { fail: 0, warn: 1 };

/** What is wrong, the worst first: blocked and halted accounts, silent sessions, alerts that nobody has seen. */
export function problemsOf(alerts: Page<Alert>, controls: Page<Control>, sessions: Page<Session>): Problem[] {
  const blocked = controls.items.flatMap((control): Problem[] => {
    const [tone, word] = controlState(control);
    const sentence = `${control.account}: ${control.problem ?? (control.reason || "nothing new is sent")}`;
    return tone === "ok" ? [] : [{ key: control.account, tone, word, sentence, to: "/risk" }];
  });
  const silent = sessions.items.flatMap((session): Problem[] => {
    const sentence = `The ${session.mode} session of ${session.account} has not said how it stands for a while.`;
    return session.state === "silent"
      ? [{ key: session.id, tone: "warn", word: "silent", sentence, to: "/sessions" }]
      : [];
  });
  const told = alerts.items.map(
    ({ id, severity, sentence }): Problem => ({
      key: id,
      tone: ALERTS[severity] ?? "notice",
      word: severity,
      sentence,
      to: "/alerts",
    }),
  );
  const rank = ({ tone }: Problem): number => RANK[tone] ?? 2;
  return [...blocked, ...silent, ...told].sort((one, other) => rank(one) - rank(other));
}

/** The list of what needs a look, each with the way there. */
export function Problems({ problems }: { problems: readonly Problem[] }) {
  return (
    <ul aria-label="What needs a look" className="flex flex-col divide-y divide-line rounded-md border border-warn">
      {problems.map(({ key, tone, word, sentence, to }) => (
        <li key={key} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
          <span className="min-w-40">
            <StatusPill tone={tone} word={word} />
          </span>
          <span className="min-w-0 grow basis-64">{sentence}</span>
          <Link to={to} className={buttonClass()}>
            Open<span className="sr-only"> {word}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
