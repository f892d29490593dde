/** The badge of something that trades: venue, sandbox or simulated fills are told apart. */
export function modeOf({ mode, broker }: { mode: string; broker: string }): string {
  return broker === "sandbox" && mode === "live" ? "SANDBOX" : mode.toUpperCase();
}
