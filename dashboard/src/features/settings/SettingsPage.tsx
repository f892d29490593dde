import { PageHead } from "@/ui/PageHead";
import { Looks } from "./Looks";
import { Password } from "./Password";

/** How it looks here, and who may do what. */
export function SettingsPage() {
  return (
    <>
      <PageHead
        title="Settings"
        lead="What is chosen under Looks stays in this browser; the rest is kept by the server."
      />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Looks />
        <Password />
      </div>
    </>
  );
}
