import { useSyncExternalStore } from "react";

/** The colours that charts draw with, read from the variables of theme.css. */
export type ChartTheme = {
  page: string;
  surface: string;
  text: string;
  muted: string;
  border: string;
  line: string;
  accent: string;
  gain: string;
  loss: string;
  series: [string, string, string, string];
  font: string;
};

/** Dashes of the series palette: solid, dash, dot, dash-dot; colour is never the only difference. */
export const DASHES: readonly number[][] = [[], [7, 4], [2, 3], [8, 3, 2, 3]];

/** Cividis in eleven steps, readable with any colour vision. */
export const CIVIDIS: readonly string[] = [
  "#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#f2dc46", "#fee838",
]; // biome-ignore format: one row reads as a scale

let known: { key: string; theme: ChartTheme } | null = null;

function themeKey(): string {
  const root = document.documentElement;
  return `${root.dataset.theme ?? ""} ${root.dataset.gainLoss ?? ""} ${root.className}`;
}

function read(): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(`--color-${name}`).trim() || "#808080";
  return {
    page: color("page"),
    surface: color("surface"),
    text: color("text"),
    muted: color("muted"),
    border: color("border"),
    line: color("line"),
    accent: color("accent"),
    gain: color("gain"),
    loss: color("loss"),
    series: [color("series-1"), color("series-2"), color("series-3"), color("series-4")],
    font: style.getPropertyValue("--font-sans").trim() || "sans-serif",
  };
}

function snapshot(): ChartTheme {
  const key = themeKey();
  if (known?.key !== key) known = { key, theme: read() };
  return known.theme;
}

function subscribe(tell: () => void): () => void {
  const watcher = new MutationObserver(tell);
  watcher.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-theme", "data-gain-loss", "class"],
  });
  return () => watcher.disconnect();
}

/** The colours in force; a chart that uses them is drawn anew when the theme changes. */
export function useChartTheme(): ChartTheme {
  return useSyncExternalStore(subscribe, snapshot);
}
