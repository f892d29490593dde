import { type ReactNode, useEffect } from "react";

type Props = { title: string; lead?: ReactNode; badge?: ReactNode; actions?: ReactNode; documentTitle?: string };

/** The one h1 of a page, its one-sentence answer and its primary action; it also names the browser's tab. */
export function PageHead({ title, lead, badge, actions, documentTitle }: Props) {
  const named = documentTitle ?? title;
  useEffect(() => {
    document.title = `${named} · Tradewright`;
  }, [named]);
  return (
    <header className="flex flex-wrap items-start gap-x-4 gap-y-2">
      <div className="min-w-0 grow basis-64">
        <div className="flex flex-wrap items-center gap-2">
          <h1 className="min-w-0 break-words font-semibold text-xl">{title}</h1>
          {badge}
        </div>
        {lead && <div className="mt-0.5 text-muted">{lead}</div>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
