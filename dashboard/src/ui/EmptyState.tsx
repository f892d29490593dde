import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon";

type Props = { icon?: IconName; title: string; children?: ReactNode; action?: ReactNode };

/** There is nothing yet: what would be here, and how it comes. */
export function EmptyState({ icon = "notice", title, children, action }: Props) {
  return (
    <div className="flex flex-col items-center gap-2 rounded-md border border-line border-dashed px-4 py-8 text-center">
      <Icon name={icon} className="size-6! text-muted" />
      <p className="font-semibold">{title}</p>
      {children && <div className="max-w-prose text-muted">{children}</div>}
      {action && <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
