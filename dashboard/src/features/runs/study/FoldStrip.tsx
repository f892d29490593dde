import type { FoldRow } from "../queries";

const [ROW, WIDTH] = [14, 1000];

type Stretch = { from: number; to: number };

function stretch(fold: FoldRow, first: string, last: string): Stretch {
  return { from: Date.parse(String(fold.values[first])), to: Date.parse(String(fold.values[last])) };
}

/** Where each fold trained, shaded, and where it tested, one row a fold; the table below says the same in words. */
export function FoldStrip({ folds }: { folds: readonly FoldRow[] }) {
  if (!folds.length) return null;
  const train = folds.map((fold) => stretch(fold, "train_start", "train_end"));
  const test = folds.map((fold) => stretch(fold, "test_start", "test_end"));
  const begin = Math.min(...train.map(({ from }) => from));
  const end = Math.max(...test.map(({ to }) => to));
  const at = (moment: number) => ((moment - begin) / (end - begin || 1)) * WIDTH;
  return (
    <figure className="flex flex-col gap-1">
      <svg
        viewBox={`0 0 ${WIDTH} ${folds.length * ROW}`}
        preserveAspectRatio="none"
        className="w-full"
        style={{ height: Math.min(280, folds.length * ROW) }}
        role="img"
        aria-label={`${folds.length} folds: each trains on a stretch and is tested on the next`}
      >
        {folds.map((fold, row) => (
          <g key={fold.number}>
            <Bar {...(train[row] as Stretch)} at={at} y={row * ROW + 4} height={6} fill="var(--color-line)" />
            <Bar {...(test[row] as Stretch)} at={at} y={row * ROW + 2} height={10} fill="var(--color-accent)" />
          </g>
        ))}
      </svg>
      <figcaption className="flex flex-wrap justify-between gap-x-4 text-muted text-sm">
        <span>{String(folds[0]?.values.train_start)}</span>
        <span className="flex flex-wrap gap-x-4">
          <Key fill="bg-line" word="training, shaded" />
          <Key fill="bg-accent" word="test, out of sample" />
        </span>
        <span>{String(folds.at(-1)?.values.test_end)}</span>
      </figcaption>
    </figure>
  );
}

type BarProps = Stretch & { at: (moment: number) => number; y: number; height: number; fill: string };

function Bar({ from, to, at, y, height, fill }: BarProps) {
  return <rect x={at(from)} y={y} width={Math.max(1, at(to) - at(from))} height={height} fill={fill} />;
}

function Key({ fill, word }: { fill: string; word: string }) {
  return (
    <span className="inline-flex items-center gap-1">
      <span aria-hidden="true" className={`inline-block h-2 w-4 ${fill}`} />
      {word}
    </span>
  );
}
