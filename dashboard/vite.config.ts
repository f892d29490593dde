import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const SERVER = process.env.TRADEWRIGHT_SERVER ?? "http://127.0.0.1:8000";
// The server that the built page asks, where it is not the one that sends the page.
process.env.VITE_SERVER ??= "";

// Small parts that most pages show; reviews, long tables and what only results have come when they are needed.
const RARE =
  "Act|Cancel|Close|Control|Danger|OrdersT|PositionsT|Preview|Review|Typed|useReview|LongTable|useRow|TrustBar|Monthly|Diff";
const SHARED = new RegExp(`src/ui/(?!${RARE})`);

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2023",
    manifest: true,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    // What pages share is small in many pieces: together it is compressed better, and asked for once.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [{ name: "ui", test: SHARED }],
        },
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
