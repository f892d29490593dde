// @vitest-environment node
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { contrast, deltaE2000, type Rgb, rgb, seen, type Vision } from "../tests/colour";

const CSS = readFileSync(new URL("./theme.css", import.meta.url), "utf8");
const MODES = ["light", "dark"] as const;
type Mode = (typeof MODES)[number];

/** The variables that one block of the stylesheet sets. */
function block(opening: string): Record<string, string> {
  const start = CSS.indexOf(opening);
  const text = CSS.slice(start, CSS.indexOf("\n}", start));
  return Object.fromEntries([...text.matchAll(/--color-([\w-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]));
}

const LIGHT = block("@theme static {");
const TOKENS: Record<Mode, Record<string, string>> = {
  light: LIGHT,
  dark: { ...LIGHT, ...block(':root[data-theme="dark"] {') },
};

function colour(mode: Mode, name: string): Rgb {
  const value = TOKENS[mode][name];
  if (!value) throw new Error(`theme.css sets no --color-${name}`);
  return rgb(value);
}

const ON_PAGE: Record<string, [light: number, dark: number]> = {
  text: [17.8, 15.9],
  muted: [7.1, 8.4],
  border: [3.7, 4.4],
  accent: [6.5, 8.1],
  gain: [5.7, 8.2],
  loss: [5.6, 7.6],
  ok: [5.4, 9.2],
  warn: [5.9, 10.0],
  danger: [6.6, 7.5],
  paper: [7.4, 8.8],
};
const TEXTS = Object.keys(ON_PAGE).filter((name) => name !== "border");
const SERIES = ["series-1", "series-2", "series-3", "series-4"];

describe.each(MODES)("the %s theme", (mode) => {
  const column = mode === "light" ? 0 : 1;

  it.each(Object.entries(ON_PAGE))("keeps the contrast of %s on the page", (name, promised) => {
    expect(contrast(colour(mode, name), colour(mode, "page"))).toBeCloseTo(promised[column], 0);
    expect(Math.abs(contrast(colour(mode, name), colour(mode, "page")) - promised[column])).toBeLessThan(0.06);
  });

  it.each(TEXTS)("keeps %s readable on every surface", (name) => {
    expect(contrast(colour(mode, name), colour(mode, "surface"))).toBeGreaterThanOrEqual(5);
    expect(contrast(colour(mode, name), colour(mode, "overlay"))).toBeGreaterThanOrEqual(5);
  });

  it("keeps the words on filled buttons readable", () => {
    expect(contrast(colour(mode, "on-accent"), colour(mode, "accent"))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour(mode, "on-danger"), colour(mode, "danger"))).toBeGreaterThanOrEqual(4.5);
  });

  it("draws every series clearly on the page", () => {
    const least = mode === "light" ? 3.8 : 3.7;
    for (const name of SERIES) expect(contrast(colour(mode, name), colour(mode, "page"))).toBeGreaterThan(least - 0.06);
  });
});

const GAIN_LOSS: [Mode, Vision, number][] = [
  ["light", "normal", 47.8],
  ["light", "deuteranopia", 48.8],
  ["light", "protanopia", 43.9],
  ["dark", "normal", 47.9],
  ["dark", "deuteranopia", 50.0],
  ["dark", "protanopia", 45.7],
];

it.each(GAIN_LOSS)("tells gain from loss in the %s theme with %s vision", (mode, vision, promised) => {
  const difference = deltaE2000(seen(colour(mode, "gain"), vision), seen(colour(mode, "loss"), vision));
  expect(Math.abs(difference - promised)).toBeLessThan(0.5);
});

it.each(MODES)("gives gain and loss nearly the same weight in the %s theme", (mode) => {
  expect(contrast(colour(mode, "gain"), colour(mode, "loss"))).toBeLessThan(1.1);
});

const SERIES_APART: [Mode, Vision, number][] = [
  ["light", "normal", 30.3],
  ["light", "deuteranopia", 22.6],
  ["light", "protanopia", 24.2],
  ["light", "tritanopia", 16.7],
  ["dark", "normal", 35.1],
  ["dark", "deuteranopia", 25.8],
  ["dark", "protanopia", 27.6],
  ["dark", "tritanopia", 16.9],
];

it.each(SERIES_APART)("tells the series apart in the %s theme with %s vision", (mode, vision, promised) => {
  const shown = SERIES.map((name) => seen(colour(mode, name), vision));
  const pairs = shown.flatMap((one, index) => shown.slice(index + 1).map((other) => deltaE2000(one, other)));
  expect(Math.abs(Math.min(...pairs) - promised)).toBeLessThan(0.5);
});
