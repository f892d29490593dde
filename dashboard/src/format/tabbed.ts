/** Rows as tab-separated text, for the clipboard. */
export function tabbed(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map((cell) => cell.replace(/[\t\n\r]+/g, " ")).join("\t")).join("\n");
}
