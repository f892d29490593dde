import { type ReactNode, useId } from "react";

type Props = { title: string; note?: ReactNode; actions?: ReactNode; children: ReactNode; className?: string };

/** A titled part of a page. */
export function Panel({ title, note, actions, children, className = "" }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={`min-w-0 rounded-md border border-line bg-page ${className}`}>
      <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-1.5">
        <h2 id={id} className="font-semibold text-lg">
          {title}
        </h2>
        {note && <div className="text-muted text-sm">{note}</div>}
        {actions && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      <div className="p-4">{children}</div>
    </section>
  );
}
