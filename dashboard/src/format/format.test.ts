import fc from "fast-check";
import { describe, expect, it } from "vitest";
import agreed from "./agreed.json";
import { bytes } from "./bytes";
import { decimal, MINUS, NOT_AVAILABLE, signOf } from "./decimal";
import { duration } from "./duration";
import { money } from "./money";
import { bps, percent, points, returns } from "./percent";
import { decimalsOf, price, quantity } from "./price";
import { probability } from "./probability";
import { ratio } from "./ratio";
import { ago, clock, inTwoZones, utc } from "./time";

const BY_NAME: Record<string, (...given: never[]) => string> = {
  percent,
  returns,
  ratio,
  probability,
  bps,
  duration,
  points,
  money,
  price,
  signed: (value: number, decimals: number) => decimal(value, decimals, { sign: true }),
};

const digits = (least: number, most: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: least, maxLength: most }).map((found) => found.join(""));
const decimals = fc
  .tuple(fc.constantFrom("", "-"), fc.integer({ min: 1, max: 9 }), digits(0, 24), digits(0, 12))
  .map(([sign, lead, whole, behind]) => `${sign}${lead}${whole}${behind && `.${behind}`}`);

describe("the rules of the command line", () => {
  it.each(agreed as [string, never[], string][])("%s(%j) is %s", (name, given, text) => {
    expect(BY_NAME[name]?.(...given)).toBe(text);
  });
});

describe("decimal strings", () => {
  it("keep every digit that is asked for, beyond what a float holds", () => {
    expect(money("90071992547409931234.57", "USD")).toBe("90,071,992,547,409,931,234.57");
    expect(price("0.00004310", "0.00000001")).toBe("0.00004310");
  });

  it("are exact at any length", () => {
    fc.assert(
      fc.property(decimals, (text) => {
        const places = text.split(".")[1]?.length ?? 0;
        const back = decimal(text, places).replaceAll(",", "").replace(MINUS, "-");
        expect(back).toBe(text);
      }),
    );
  });

  it("are rounded half to even, digit by digit", () => {
    const half = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 24n }), fc.integer({ min: 0, max: 9 }));
    fc.assert(
      fc.property(half, ([whole, last]) => {
        const up = last > 5 || (last === 5 && whole % 2n === 1n);
        expect(decimal(`${whole}.${last}`, 0).replaceAll(",", "")).toBe(String(up ? whole + 1n : whole));
      }),
    );
  });

  it("show a sign exactly where a digit other than zero is shown", () => {
    fc.assert(
      fc.property(decimals, fc.integer({ min: 0, max: 4 }), (text, places) => {
        const shown = decimal(text, places, { sign: true });
        expect(/^[+\u2212]/.test(shown)).toBe(/[1-9]/.test(shown));
        expect(shown.includes("-")).toBe(false);
      }),
    );
  });

  it("have the sign of their digits, however small", () => {
    expect([signOf("-0.000"), signOf("-1e-400"), signOf("0.0001"), signOf(null)]).toEqual([0, -1, 1, 0]);
  });
});

describe("what is not a number", () => {
  const nothing = fc.constantFrom(null, undefined, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);

  it("reads n/a, never zero, infinity or NaN", () => {
    fc.assert(
      fc.property(nothing, (value) => {
        for (const rule of [percent, returns, points, bps, ratio, probability, duration, bytes, quantity]) {
          expect(rule(value)).toBe(NOT_AVAILABLE);
        }
        expect(money(value, "USD")).toBe(NOT_AVAILABLE);
        expect(money("NaN", "USD")).toBe(NOT_AVAILABLE);
      }),
    );
  });
});

describe("a probability", () => {
  it("is never a certainty", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (value) => {
        expect(["0.00", "1.00"]).not.toContain(probability(value));
      }),
    );
  });
});

describe("a size", () => {
  it("is told in the unit that keeps it short", () => {
    expect([bytes(0), bytes(999), bytes(1_500), bytes(31_000_000)]).toEqual(["0 B", "999 B", "1.5 kB", "31 MB"]);
  });
});

describe("a quantity", () => {
  it("has the decimals that it has", () => {
    expect([quantity("120"), quantity("0.50"), quantity(1.25), quantity("80.30000000000001"), quantity("0")]).toEqual([
      "120",
      "0.5",
      "1.25",
      "80.3",
      "0",
    ]);
    expect([decimalsOf("0.25"), decimalsOf("1e-8"), decimalsOf("1")]).toEqual([2, 8, 0]);
  });
});

describe("time", () => {
  it("is told in the exchange's zone first, then in the reader's", () => {
    expect(inTwoZones("2025-03-10T19:59:00Z", "America/New_York", "Europe/Berlin")).toBe(
      "2025-03-10 15:59 New York · 20:59 here",
    );
    expect(inTwoZones("2025-03-10T23:30:00Z", "America/New_York", "Asia/Tokyo")).toBe(
      "2025-03-10 19:30 New York · 2025-03-11 08:30 here",
    );
    expect(inTwoZones("2025-03-10T19:59:00Z", "UTC", "UTC")).toBe("2025-03-10 19:59 UTC");
  });

  it("keeps both hours of the night on which the clock goes back", () => {
    expect(clock("2025-11-02T05:30:00Z", "America/New_York")).toEqual(["2025-11-02", "01:30"]);
    expect(clock("2025-11-02T06:30:00Z", "America/New_York")).toEqual(["2025-11-02", "01:30"]);
    expect(utc("2025-11-02T06:30:00.123Z")).toBe("2025-11-02T06:30:00Z");
  });

  it("is relative in the largest unit", () => {
    const now = Date.parse("2025-03-10T20:00:00Z");
    expect(ago("2025-03-10T17:30:00Z", now)).toBe("2 h ago");
    expect(ago("2025-03-10T20:00:30Z", now)).toBe("in 30 s");
    expect(ago(null, now)).toBe("n/a");
  });
});
