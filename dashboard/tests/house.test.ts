// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = new URL("../src/", import.meta.url).pathname;
const LONGEST_MODULE = 300;
const EMPTY_NAMES = /^(utils?|common|helpers?|misc|tools|stuff)$/i;
/** What each room may import besides itself and libraries: rooms look down, and a feature never looks at another. */
const BELOW: Record<string, readonly string[]> = {
  format: [],
  api: [],
  ui: ["api", "format"],
  charts: ["api", "format", "ui"],
  routing: ["api"],
  features: ["api", "format", "ui", "charts", "routing"],
  app: ["api", "format", "ui", "charts", "routing", "features"],
};

const FILES = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".gen.d.ts"))
  .sort();

function text(file: string): string {
  return readFileSync(join(SRC, file), "utf8");
}

/** The paths inside `src` that a file imports, lazily or not. */
function imports(file: string): string[] {
  const named = [...text(file).matchAll(/(?:from\s+|import\s*\(?\s*)"([^"]+)"/g)].map((match) => match[1] as string);
  return named.flatMap((name) => {
    if (name.startsWith("@/")) return [name.slice(2)];
    return name.startsWith(".") ? [relative(SRC, join(SRC, dirname(file), name))] : [];
  });
}

/** The room of a path: its top folder, and for a feature its own. */
function room(path: string): [room: string, feature: string] {
  const [top, second] = path.split("/") as [string, string];
  return [top, top === "features" ? second : ""];
}

function allowed(file: string, target: string): boolean {
  const [from, feature] = room(file);
  const [to, other] = room(target);
  if (from === to) return feature === other;
  return !target.includes("/") || target.startsWith("..") || (BELOW[from] ?? []).includes(to);
}

describe("the house rules", () => {
  it("let rooms import only what lies below them, and no feature another feature", () => {
    const wrong = FILES.filter((file) => !file.endsWith(".test.ts") && !file.endsWith(".test.tsx")).flatMap((file) =>
      imports(file)
        .filter((target) => !allowed(file, target))
        .map((target) => `${file} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it("recognise an import of another feature", () => {
    expect(allowed("features/runs/RunsPage.tsx", "features/overview/routes")).toBe(false);
    expect(allowed("ui/Panel.tsx", "features/overview/routes")).toBe(false);
    expect(allowed("features/runs/new/Form.tsx", "features/runs/queries")).toBe(true);
  });

  it("keep modules short", () => {
    expect(FILES.filter((file) => text(file).split("\n").length > LONGEST_MODULE + 1)).toEqual([]);
  });

  it("give no file a name for want of an idea", () => {
    const stem = (part: string): string => part.replace(/(\.test)?\.tsx?$/, "");
    expect(FILES.filter((file) => file.split("/").some((part) => EMPTY_NAMES.test(stem(part))))).toEqual([]);
  });
});

type Locked = Record<string, Record<string, Record<string, string> | undefined>>;
const KINDS = ["dependencies", "devDependencies", "optionalDependencies"];

/** Packages that a lock speaks of but does not pin, such as a platform's part that the index did not serve. */
function unpinned(packages: Locked): string[] {
  const pinned = Object.keys(packages);
  const needed = Object.values(packages).flatMap((entry) => KINDS.flatMap((kind) => Object.keys(entry[kind] ?? {})));
  return [...new Set(needed)].filter((name) => !pinned.some((path) => path.endsWith(`node_modules/${name}`)));
}

describe.each(["../package-lock.json", "../codegen/package-lock.json"])("the lock %s", (lock) => {
  const written = readFileSync(new URL(lock, import.meta.url), "utf8");

  it("names no host", () => {
    expect(written).not.toMatch(/"resolved"/);
  });

  it("pins every package for every platform", () => {
    expect(unpinned(JSON.parse(written).packages)).toEqual([]);
  });
});
