const SHAPES = {
  overview: "M2 8.5 8 3l6 5.5M4 7.5V13h8V7.5",
  strategies: "M3 3h10v10H3zM6 6l-1.5 2L6 10M10 6l1.5 2L10 10",
  runs: "M2 12l3.5-4 3 2.5L14 4M10.5 4H14v3.5",
  compare: "M5 2v12M11 2v12M2 5h6M8 11h6",
  data: "M8 2c3 0 5 .8 5 2s-2 2-5 2-5-.8-5-2 2-2 5-2zM3 4v8c0 1.2 2 2 5 2s5-.8 5-2V4M3 8c0 1.2 2 2 5 2s5-.8 5-2",
  sessions: "M2 8h3l2-5 2.5 10L11.5 8H14",
  approvals: "M3 2h10v12H3zM5.5 8l2 2 3-4",
  alerts: "M8 2c2.5 0 4 1.8 4 4.5 0 3 1.5 4 1.5 4h-11S4 9.5 4 6.5C4 3.8 5.5 2 8 2zM6.5 13c.5.7 2.5.7 3 0",
  health: "M8 13.5S2 9.8 2 6a3 3 0 0 1 6-.8A3 3 0 0 1 14 6c0 3.8-6 7.5-6 7.5z",
  schedules: "M3 3.5h10v10H3zM3 6.5h10M5.5 2v3M10.5 2v3M8 8v2.5l1.5 1",
  jobs: "M8 2v2M8 12v2M2 8h2M12 8h2M4 4l1.4 1.4M10.6 10.6 12 12M12 4l-1.4 1.4M5.4 10.6 4 12M10.5 8a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z",
  settings:
    "M2 5h7M12 5h2M2 11h2M7 11h7M12 5a1.5 1.5 0 1 1-3 0 1.5 1.5 0 0 1 3 0zM7 11a1.5 1.5 0 1 1-3 0 1.5 1.5 0 0 1 3 0z",
  positions: "M2 13h12M4 13V8M8 13V3M12 13V6",
  orders: "M3 3h10M3 8h10M3 13h6",
  risk: "M8 2l5 2v4c0 3-2 5-5 6-3-1-5-3-5-6V4z",
  more: "M3 8h.01M8 8h.01M13 8h.01",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM11 11l3 3",
  user: "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14c.5-3 2.5-4.5 5.5-4.5s5 1.5 5.5 4.5",
  ok: "M3 8.5 6.5 12 13 4.5",
  warn: "M8 2.5 14.5 13.5h-13zM8 6.5v3M8 11.5h.01",
  fail: "M4 4l8 8M12 4l-8 8",
  notice: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.5V11M8 5h.01",
  unknown: "M5.5 6a2.5 2.5 0 1 1 3.5 2.3c-.7.4-1 .8-1 1.7M8 12.5h.01",
  busy: "M8 2a6 6 0 1 1-6 6",
  wait: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.5V8l2.5 1.5",
  stop: "M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5z",
  off: "M3 8h10",
  close: "M4 4l8 8M12 4l-8 8",
  down: "M4 6l4 4 4-4",
  up: "M4 10l4-4 4 4",
  left: "M10 4 6 8l4 4",
  right: "M6 4l4 4-4 4",
  copy: "M5 5h8v9H5zM5 11H3V2h8v3",
  sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.5 3.5l.7.7M11.8 11.8l.7.7M12.5 3.5l-.7.7M4.2 11.8l-.7.7",
  moon: "M13 9.5A5.5 5.5 0 1 1 6.5 3 4.5 4.5 0 0 0 13 9.5z",
  system: "M2 3h12v8H2zM6 14h4M8 11v3",
  zone: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM2 8h12M8 2c2 2 2.5 4 2.5 6S10 12 8 14C6 12 5.5 10 5.5 8S6 4 8 2z",
  fold: "M2 3h12v10H2zM6 3v10M11 6 9 8l2 2",
  unfold: "M2 3h12v10H2zM6 3v10M9 6l2 2-2 2",
  plus: "M8 3v10M3 8h10",
  live: "M4 4h8v8H4z",
  star: "M8 2l1.8 3.8 4.2.5-3.1 2.9.8 4.1L8 11.3l-3.7 2 .8-4.1L2 6.3l4.2-.5z",
  keys: "M1.5 4h13v8h-13zM4 6.5h.01M7 6.5h.01M10 6.5h.01M12 6.5h.01M5 9.5h6",
} as const;

export type IconName = keyof typeof SHAPES;

/** A small drawing beside a word; it says nothing on its own, so it is hidden from those who listen. */
export function Icon({ name, className = "" }: { name: IconName; className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden="true"
      className={`size-4 shrink-0 ${className}`}
      fill="none"
      stroke="currentColor"
      strokeWidth={name === "more" ? 2.4 : 1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={SHAPES[name]} />
    </svg>
  );
}
