type Props = {
  columns: readonly { key: string; header: string }[];
  hidden: ReadonlySet<string>;
  onToggle: (key: string) => void;
};

/** Which columns of a table are shown. */
export function ColumnChoice({ columns, hidden, onToggle }: Props) {
  return (
    <details className="relative">
      <summary className="target flex cursor-pointer list-none items-center rounded-md border border-border px-3 hover:bg-surface">
        Columns
      </summary>
      <ul className="absolute right-0 z-20 mt-1 flex w-52 flex-col rounded-md border border-line bg-overlay p-2 shadow-overlay">
        {columns.map(({ key, header }) => (
          <li key={key}>
            <label className="target flex items-center gap-2">
              <input
                type="checkbox"
                className="size-4 accent-(--color-accent)"
                checked={!hidden.has(key)}
                onChange={() => onToggle(key)}
              />
              {header}
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}
