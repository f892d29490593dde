// The types of the API from its reviewed document: openapi.json → src/api/schema.gen.d.ts.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import openapi, { astToString } from "openapi-typescript";

const SOURCE = new URL("../openapi.json", import.meta.url);
const TARGET = new URL("../src/api/schema.gen.d.ts", import.meta.url);

const written = astToString(await openapi(SOURCE, { alphabetize: true }));
const kept = await readFile(TARGET, "utf8").catch(() => "");
if (written !== kept) {
  await mkdir(new URL(".", TARGET), { recursive: true });
  await writeFile(TARGET, written);
}
