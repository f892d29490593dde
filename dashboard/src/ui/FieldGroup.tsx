import type { ReactNode } from "react";

/** A titled part of a form. */
export function FieldGroup({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  return (
    <fieldset className="min-w-0 rounded-md border border-line p-4">
      <legend className="-ml-1 px-1 font-semibold text-lg">{title}</legend>
      {note && <p className="mb-3 text-muted text-sm">{note}</p>}
      <div className="grid min-w-0 gap-4 sm:grid-cols-2 xl:grid-cols-3">{children}</div>
    </fieldset>
  );
}
