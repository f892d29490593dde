import { Link, useSearch } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { useSession } from "@/api/auth";
import { EmptyState } from "@/ui/EmptyState";
import { PageHead } from "@/ui/PageHead";
import { Audit } from "./Audit";
import { Looks } from "./Looks";
import { Password } from "./Password";
import { ServerSettings } from "./ServerSettings";
import { Tokens } from "./Tokens";
import { TABS, type Tab } from "./tabs";
import { Users } from "./Users";

const PARTS: Record<Tab, ComponentType> = {
  looks: Looks,
  account: Password,
  tokens: Tokens,
  users: Users,
  audit: Audit,
  server: ServerSettings,
};

/** How it looks here, who may do what, and what the server was told. */
export function SettingsPage() {
  const { tab = "looks" } = useSearch({ from: "/shell/settings" });
  const isAdmin = useSession()?.user.role === "admin";
  const Part = PARTS[tab];
  const forbidden = TABS.find((each) => each.key === tab)?.admin && !isAdmin;
  return (
    <>
      <PageHead title="Settings" />
      <nav aria-label="Settings" className="flex flex-wrap gap-x-1 border-line border-b">
        {TABS.map(({ key, word }) => (
          <Link
            key={key}
            to="/settings"
            search={key === "looks" ? {} : { tab: key }}
            className="target -mb-px inline-flex items-center border-transparent border-b-2 px-3 text-muted hover:text-text"
            activeOptions={{ exact: true }}
            activeProps={{ className: "border-accent! font-semibold text-text!", "aria-current": "page" }}
          >
            {word}
          </Link>
        ))}
      </nav>
      {forbidden ? <EmptyState icon="user" title="This takes the role admin." /> : <Part />}
    </>
  );
}
