/** The parts of the settings; some are for admins alone. */
export const TABS = [
  { key: "looks", word: "Looks", admin: false },
  { key: "account", word: "Password", admin: false },
  { key: "tokens", word: "Tokens", admin: false },
  { key: "users", word: "Users", admin: true },
  { key: "audit", word: "Audit", admin: true },
  { key: "server", word: "Server", admin: true },
] as const;

export type Tab = (typeof TABS)[number]["key"];
