/** What runs now, by whose money it is. */
export function ModeSummary() {
  return null;
}
