import { decimal } from "@/format/decimal";
import { Button } from "./Button";
import { Icon } from "./Icon";

type Props = {
  page: number;
  perPage: number;
  total: number;
  onPage: (page: number) => void;
  words?: [back: string, on: string];
};

/** Which rows of how many are shown, and the way to the others. */
export function Pager({ page, perPage, total, onPage, words = ["Newer", "Older"] }: Props) {
  const pages = Math.max(1, Math.ceil(total / perPage));
  const first = total === 0 ? 0 : (page - 1) * perPage + 1;
  const last = Math.min(total, page * perPage);
  const count = (value: number): string => decimal(value, 0);
  return (
    <nav aria-label="Pages" className="mt-3 flex flex-wrap items-center gap-2 text-muted text-sm">
      <span className="tabular-nums">
        {count(first)} to {count(last)} of {count(total)}
      </span>
      {pages > 1 && (
        <span className="ml-auto flex gap-2">
          <Button disabled={page <= 1} onClick={() => onPage(page - 1)}>
            <Icon name="left" /> {words[0]}
          </Button>
          <Button disabled={page >= pages} onClick={() => onPage(page + 1)}>
            {words[1]} <Icon name="right" />
          </Button>
        </span>
      )}
    </nav>
  );
}
