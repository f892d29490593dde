import { Link } from "@tanstack/react-router";
import type { Alert, Control, Order, Session } from "@/api/types";
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
  to: "/alerts" | "/risk" | "/sessions" | "/orders";
};

const ALERTS: Record<string, Tone> = { critical: "fail", warning: "warn", info: "notice" };
const RANK: Partial<Record<Tone, number>> = { fail: 0, warn: 1 };

/** What the server was asked; of orders and sessions those that go on. */
export type Asked = { alerts: Page<Alert>; controls: Page<Control>; sessions: Page<Session>; orders: Page<Order> };

/** What is wrong, the worst first: unknown orders, blocked and halted accounts, silent sessions and feeds, alerts. */
export function problemsOf({ alerts, controls, sessions, orders }: Asked): Problem[] {
  const found = [
    ...unknownOrders(orders),
    ...controls.items.flatMap(blocked),
    ...sessions.items.flatMap(unheard),
    ...alerts.items.map(raised),
  ];
  const rank = ({ tone }: Problem): number => RANK[tone] ?? 2;
  return found.sort((one, other) => rank(one) - rank(other));
}

function unknownOrders(orders: Page<Order>): Problem[] {
  const unknown = orders.items.filter(({ status }) => status.toLowerCase() === "unknown");
  const accounts = [...new Set(unknown.map(({ account }) => account))];
  return accounts.map((account) => {
    const many = unknown.filter((order) => order.account === account).length;
    const what = many === 1 ? "1 order" : `${many} orders`;
    const sentence = `${what} of ${account}: whether the venue has it is not known; it is being asked.`;
    return { key: `unknown ${account}`, tone: "fail", word: `${what} unknown`, sentence, to: "/orders" };
  });
}

function blocked(control: Control): Problem[] {
  const [tone, word] = controlState(control);
  const sentence = `${control.account}: ${control.problem ?? (control.reason || "nothing new is sent")}`;
  return tone === "ok" ? [] : [{ key: control.account, tone, word, sentence, to: "/risk" }];
}

function unheard({ id, mode, account, state, feed_connected }: Session): Problem[] {
  const who = `The ${mode} session of ${account}`;
  if (state === "silent") {
    const sentence = `${who} has not said how it stands for a while.`;
    return [{ key: id, tone: "warn", word: "silent", sentence, to: "/sessions" }];
  }
  if (state !== "running" || feed_connected !== false) return [];
  return [{ key: id, tone: "warn", word: "feed stale", sentence: `${who} has no feed of bars.`, to: "/sessions" }];
}

function raised({ id, severity, sentence }: Alert): Problem {
  return { key: id, tone: ALERTS[severity] ?? "notice", word: severity, sentence, to: "/alerts" };
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
