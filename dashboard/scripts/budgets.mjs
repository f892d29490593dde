// What a visitor loads, compressed, held against the budgets; a build over one of them fails.
import { readFile, rm } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const DIST = new URL("../dist/", import.meta.url);
const KILO = 1000;
const BUDGETS = { "first view": 150, "price chart": 65, statistics: 215, "all scripts": 480, styles: 15 };
const LIBRARIES = { "price chart": "PriceChart", statistics: "echarts" };

const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", DIST), "utf8"));
const entry = Object.keys(manifest).find((name) => manifest[name].isEntry);

/** Every chunk that a chunk needs before it runs, itself included. */
function closure(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const needed of manifest[name].imports ?? []) closure(needed, seen);
  return seen;
}

/** Chunks that need each other: one of them would run before what it stands on. */
const inCircles = () =>
  Object.keys(manifest).filter((name) => (manifest[name].imports ?? []).some((needed) => closure(needed).has(name)));

async function compressed(files) {
  const sizes = await Promise.all(files.map(async (file) => gzipSync(await readFile(new URL(file, DIST))).length));
  return sizes.reduce((total, size) => total + size, 0);
}

const scripts = (names) => [...names].map((name) => manifest[name].file).filter((file) => file.endsWith(".js"));
const first = closure(entry);
const chunks = Object.keys(manifest);

/** What a lazy chart adds to the first view: its chunk and what only it needs. */
function beside(library) {
  const wanted = chunks.filter((name) => manifest[name].file.includes(library));
  return wanted.flatMap((name) => [...closure(name)]).filter((name) => !first.has(name));
}

const loads = {
  "first view": scripts(first),
  ...Object.fromEntries(Object.entries(LIBRARIES).map(([part, library]) => [part, scripts(new Set(beside(library)))])),
  "all scripts": [...new Set(scripts(chunks))],
  styles: [...new Set(chunks.flatMap((name) => manifest[name].css ?? []))],
};

let over = 0;
for (const [part, files] of Object.entries(loads)) {
  const size = (await compressed(files)) / KILO;
  const limit = BUDGETS[part];
  over += size > limit ? 1 : 0;
  process.stdout.write(
    `${part.padEnd(12)} ${size.toFixed(1).padStart(6)} of ${limit} kB gzip${size > limit ? "  OVER" : ""}\n`,
  );
}
for (const name of inCircles()) {
  over += 1;
  process.stdout.write(`${manifest[name].file} needs what needs it\n`);
}
process.exitCode = over ? 1 : 0;
// The manifest has told what it is for; what is served does not carry it.
if (!over) await rm(new URL(".vite", DIST), { recursive: true });
