import type { Column } from "./DataTable";
import { Icon } from "./Icon";
import type { ColumnPlan } from "./useColumns";

const STEP = "target grid w-8 place-items-center rounded-sm hover:bg-surface disabled:opacity-30";

/** Which columns of a table are shown, and in which order. */
export function ColumnChoice<Row>({ plan }: { plan: ColumnPlan<Column<Row>> }) {
  const { movable, hidden, toggle, move } = plan;
  return (
    <details className="relative">
      <summary className="target flex cursor-pointer list-none items-center rounded-md border border-border px-3 hover:bg-surface">
        Columns
      </summary>
      <ul className="absolute right-0 z-20 mt-1 flex w-64 flex-col rounded-md border border-line bg-overlay p-2 shadow-overlay">
        {movable.map(({ key, header }, index) => (
          <li key={key} className="flex items-center">
            <label className="target flex grow items-center gap-2">
              <input
                type="checkbox"
                className="size-4 accent-(--color-accent)"
                checked={!hidden.has(key)}
                onChange={() => toggle(key)}
              />
              {header}
            </label>
            <button
              type="button"
              className={STEP}
              aria-label={`Move ${header} up`}
              disabled={index === 0}
              onClick={() => move(key, -1)}
            >
              <Icon name="up" />
            </button>
            <button
              type="button"
              className={STEP}
              aria-label={`Move ${header} down`}
              disabled={index === movable.length - 1}
              onClick={() => move(key, 1)}
            >
              <Icon name="down" />
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
