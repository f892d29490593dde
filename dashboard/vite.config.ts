import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const SERVER = process.env.TRADEWRIGHT_SERVER ?? "http://127.0.0.1:8000";
// The server that the built page asks, where it is not the one that sends the page.
process.env.VITE_SERVER ??= "";

// Small parts that most pages show; reviews, long tables and what only results have come when they are needed.
const REVIEWS = "Act|Cancel|Close|Control|Danger|OrdersT|PositionsT|Preview|Review|Typed|useReview";
const RARE = `${REVIEWS}|LongTable|useRow|TrustBar|Monthly|Diff`;

const pagesOf = (features: string) => new RegExp(`src/features/(${features})/`);

// What pages share is small in many pieces: together it is compressed better, and asked for once. So are the pages of
// one kind, of which a visitor opens several. A module is in the first group that takes it, with all it stands on.
const GROUPS = [
  { name: "ui", test: new RegExp(`src/ui/(?!${RARE})`) },
  { name: "first", tags: ["$initial" as const] },
  { name: "figures", test: /src\/(format\/|charts\/(ChartFrame|columns|theme|tiles|tableOf))|\/tslib\// },
  { name: "reviews", test: new RegExp(`src/ui/(${REVIEWS})`) },
  { name: "data", test: pagesOf("data|schedules") },
  { name: "research", test: pagesOf("strategies|compare|runs/new") },
  { name: "trading", test: pagesOf("orders|positions|sessions") },
  { name: "watch", test: pagesOf("risk|alerts|health|jobs|approvals|settings") },
];

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2023",
    manifest: true,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: { groups: GROUPS },
      },
    },
  },
  // `npm run dev` shows the dashboard of a server that runs beside it.
  server: { proxy: { "/v1": { target: SERVER, ws: true } } },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}", "tests/**/*.test.ts"],
    restoreMocks: true,
  },
});
