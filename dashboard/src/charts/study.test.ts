import { describe, expect, it } from "vitest";
import { type HeatMapData, heatMapOption, sayCell } from "./heatMap";
import { parallelOption, withRange } from "./parallel";
import type { ChartTheme } from "./theme";

const THEME: ChartTheme = {
  page: "page",
  surface: "surface",
  text: "text",
  muted: "muted",
  border: "border",
  line: "line",
  accent: "accent",
  gain: "gain",
  loss: "loss",
  series: ["1", "2", "3", "4"],
  font: "font",
};

const MAP: HeatMapData = {
  x: { name: "fast", labels: ["5", "10"] },
  y: { name: "slow", labels: ["20"] },
  value: { label: "Sharpe" },
  maximize: true,
  cells: {
    x: [0, 1],
    y: [0, 0],
    value: [1.5, null],
    text: ["1.50", "n/a"],
    trials: [1, 3],
    few_trades: [true, false],
    best: [7, null],
  },
  best: { x: 0, y: 0 },
};

type Item = { at: number; value: unknown[]; itemStyle: { borderColor: string; decal?: object } };
type Drawn = { series: { data: Item[] }[]; visualMap: { inRange: { color: string[] } } };

describe("a heat-map", () => {
  const drawn = heatMapOption(MAP, THEME) as unknown as Drawn;
  const items = drawn.series[0]?.data ?? [];

  it("draws the best last, so that its ring is whole", () => {
    expect(items.map(({ at }) => at)).toEqual([1, 0]);
    expect(items.at(-1)?.itemStyle.borderColor).toBe("loss");
  });

  it("hatches a cell of few trades and leaves one without a value empty", () => {
    expect(items.at(-1)?.itemStyle.decal).toBeDefined();
    expect(items[0]?.value).toEqual([1, 0, "-"]);
  });

  it("has light for better, whichever way that is", () => {
    const least = heatMapOption({ ...MAP, maximize: false }, THEME) as unknown as Drawn;
    expect(least.visualMap.inRange.color).toEqual([...drawn.visualMap.inRange.color].reverse());
  });

  it("says what a cell is, with how many trials share it", () => {
    expect(sayCell(MAP, 0)).toBe("fast 5, slow 20: Sharpe 1.50, fewer than 30 trades");
    expect(sayCell(MAP, 1)).toBe("fast 10, slow 20: Sharpe n/a of 3 trials");
  });
});

describe("parallel coordinates", () => {
  it("have an axis for each dimension, of names where they are no numbers", () => {
    const option = parallelOption(
      {
        axes: [
          { name: "kind", label: "kind", is_log: false, categories: ["a", "b"] },
          { name: "sharpe", label: "Sharpe", is_log: false, categories: null },
        ],
        trials: [3],
        rows: [[1, null]],
      },
      THEME,
      true,
    ) as unknown as { parallelAxis: { id: string; type: string }[]; series: { data: unknown[] }[] };
    expect(option.parallelAxis.map(({ id, type }) => [id, type])).toEqual([
      ["kind", "category"],
      ["sharpe", "value"],
    ]);
    expect(option.series[0]?.data).toEqual([[1, "-"]]);
  });

  it("keep one range to an axis, and none where the brush was taken away", () => {
    const one = withRange([], "sharpe", [
      [0.5, 1],
      [2, 3],
    ]);
    expect(one).toEqual([{ name: "sharpe", low: 0.5, high: 3 }]);
    expect(withRange(withRange(one, "fast", [[1, 2]]), "sharpe", [])).toEqual([{ name: "fast", low: 1, high: 2 }]);
  });
});
