/** Every key of the query cache, so that a snapshot and the events that change it meet under one name. */
export const keys = {
  me: () => ["me"] as const,
  now: () => ["now"] as const,
  health: () => ["health"] as const,
  jobs: {
    all: () => ["jobs"] as const,
    list: (filter: object) => ["jobs", "list", filter] as const,
    one: (id: string) => ["jobs", "one", id] as const,
  },
  job: (id: string, ...part: readonly unknown[]) => ["job", id, ...part] as const,
  runs: {
    all: () => ["runs"] as const,
    list: (filter: object) => ["runs", "list", filter] as const,
  },
  run: (id: string, ...part: readonly unknown[]) => ["run", id, ...part] as const,
  sessions: {
    all: () => ["sessions"] as const,
    list: (filter: object) => ["sessions", "list", filter] as const,
  },
  session: (id: string, ...part: readonly unknown[]) => ["session", id, ...part] as const,
  alerts: {
    all: () => ["alerts"] as const,
    list: (filter: object) => ["alerts", "list", filter] as const,
  },
  approvals: {
    all: () => ["approvals"] as const,
    list: (filter: object) => ["approvals", "list", filter] as const,
  },
  worth: (...part: readonly unknown[]) => ["worth", ...part] as const,
  positions: () => ["positions"] as const,
  orders: () => ["orders"] as const,
  preview: (ask: object) => ["preview", ask] as const,
  controls: () => ["controls"] as const,
  limits: () => ["limits"] as const,
  strategies: (...filter: readonly object[]) => ["strategies", ...filter] as const,
  strategy: (id: string) => ["strategies", id] as const,
  data: (...part: readonly unknown[]) => ["data", ...part] as const,
  schedules: (...part: readonly unknown[]) => ["schedules", ...part] as const,
  settings: (...part: readonly unknown[]) => ["settings", ...part] as const,
};
