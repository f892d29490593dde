import type { ReactNode } from "react";

/** The few numbers that a page leads with, each under its name. */
export function Figures({ label, figures }: { label: string; figures: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl
      aria-label={label}
      className="grid grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line max-sm:[&>:last-child:nth-child(odd)]:col-span-2 sm:grid-cols-[repeat(auto-fit,minmax(10rem,1fr))]"
    >
      {figures.map(([name, value]) => (
        <div key={name} className="flex flex-col gap-0.5 bg-page px-4 py-2.5">
          <dt className="text-muted text-sm">{name}</dt>
          <dd className="font-semibold text-xl tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
