import { useSyncExternalStore } from "react";

const CHOICES = {
  theme: ["system", "light", "dark"],
  zone: ["exchange", "local", "utc"],
  density: ["normal", "compact"],
  gainLoss: ["blue-orange", "green-red", "red-green"],
  keys: ["on", "off"],
  rail: ["open", "folded"],
} as const;

/** How a person wants the dashboard to look; the first of each is what nobody chose. */
export type Preferences = { [Name in keyof typeof CHOICES]: (typeof CHOICES)[Name][number] };

export const choices: { [Name in keyof Preferences]: readonly Preferences[Name][] } = CHOICES;

const KEY = "tradewright.preferences";
const DARK = "(prefers-color-scheme: dark)";
const listeners = new Set<() => void>();

function allowed<Name extends keyof Preferences>(name: Name, value: unknown): Preferences[Name] {
  const known = choices[name] as readonly unknown[];
  return (known.includes(value) ? value : known[0]) as Preferences[Name];
}

function kept(): Record<string, unknown> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {};
  } catch {
    return {}; // what another hand wrote there is worth nothing
  }
}

function read(): Preferences {
  const written = kept();
  const names = Object.keys(CHOICES) as (keyof Preferences)[];
  return Object.fromEntries(names.map((name) => [name, allowed(name, written[name])])) as Preferences;
}

let current = read();

/** Put the chosen looks on the page; theme.css does the rest. */
function dress(): void {
  const root = document.documentElement.dataset;
  const dark = current.theme === "dark" || (current.theme === "system" && window.matchMedia(DARK).matches);
  root.theme = dark ? "dark" : "light";
  root.density = current.density;
  root.gainLoss = current.gainLoss;
}

/** Dress the page once at the start, and again when the system's theme or another tab's choice changes. */
export function startPreferences(): void {
  dress();
  window.matchMedia(DARK).addEventListener("change", dress);
  window.addEventListener("storage", (event) => {
    if (event.key === KEY) become(read());
  });
}

function become(next: Preferences): void {
  current = next;
  dress();
  for (const listener of listeners) listener();
}

export function prefer<Name extends keyof Preferences>(name: Name, value: Preferences[Name]): void {
  const next = { ...current, [name]: value };
  localStorage.setItem(KEY, JSON.stringify(next));
  become(next);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, () => current);
