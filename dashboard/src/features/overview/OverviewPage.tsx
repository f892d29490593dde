/** Is anything wrong, and what is it worth now? */
export function OverviewPage() {
  return <h1 className="font-semibold text-xl">Overview</h1>;
}
