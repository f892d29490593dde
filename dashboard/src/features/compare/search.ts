/** What the address of a comparison holds; the first id is the base. */
export type CompareSearch = {
  ids?: string;
  /** Whether what is equal is shown, too. */
  all?: boolean;
};

/** The address as it may be. */
export function compareSearch(search: Record<string, unknown>): CompareSearch {
  return {
    ...(typeof search.ids === "string" && search.ids ? { ids: search.ids } : {}),
    ...(search.all === true || search.all === "true" ? { all: true } : {}),
  };
}

/** Ids with commas between, as a list. */
export function idsOf(ids: string | undefined): string[] {
  return ids ? [...new Set(ids.split(",").filter(Boolean))] : [];
}

/** The ids with one of them in front. */
export function withBase(ids: readonly string[], base: string): string {
  return [base, ...ids.filter((each) => each !== base)].join(",");
}
