const [WIDTH, HEIGHT, MARGIN] = [160, 28, 3];

/** What was chosen in every fold, as steps; nothing is drawn where nothing was chosen. */
export function Steps({ name, values }: { name: string; values: readonly unknown[] }) {
  const known: unknown[] = values.filter((value) => value !== null);
  const areNumbers = known.every((value) => typeof value === "number");
  const kinds = [...new Set(known)];
  const level = (value: unknown) => (areNumbers ? Number(value) : kinds.indexOf(value));
  const [low, high] = [Math.min(...known.map(level)), Math.max(...known.map(level))];
  const step = WIDTH / Math.max(1, values.length);
  const y = (value: unknown) => HEIGHT - MARGIN - ((level(value) - low) / (high - low || 1)) * (HEIGHT - 2 * MARGIN);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className="h-7 w-40"
      role="img"
      aria-label={`${name}, fold by fold: ${values.map((value) => String(value ?? "none")).join(", ")}`}
    >
      {values.map((value, fold) =>
        value === null ? null : (
          // biome-ignore lint/suspicious/noArrayIndexKey: folds have no other name than their place
          <g key={fold} stroke="var(--color-accent)" strokeWidth={2}>
            <line x1={fold * step} x2={(fold + 1) * step} y1={y(value)} y2={y(value)} />
            {fold > 0 && values[fold - 1] !== null && (
              <line x1={fold * step} x2={fold * step} y1={y(values[fold - 1])} y2={y(value)} strokeWidth={1} />
            )}
          </g>
        ),
      )}
    </svg>
  );
}
