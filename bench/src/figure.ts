/** One measured number, and what it is to be seen beside. */
export interface Figure {
  /** Section first, for example 'bridge.calls_per_core'. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What was measured beside it in the same run; null for a figure that stands alone. */
  readonly against: string | null;
  /** This value by that of `against`. */
  readonly ratio: number | null;
}

export function figure(name: string, value: number, unit: string): Figure {
  return { name, value: rounded(value), unit, against: null, ratio: null };
}

/** A figure beside what the same run measured of something else. Decibels have no ratio. */
export function beside(
  name: string,
  value: number,
  unit: string,
  against: string,
  otherValue: number,
): Figure {
  const ratio = unit === 'dB' || otherValue === 0 ? null : rounded(value / otherValue);
  return {
    name,
    value: rounded(value),
    unit,
    against: `${against}: ${rounded(otherValue)}`,
    ratio,
  };
}

/** Figures as lines of text, columns aligned. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, unit, against, ratio }) => [
    name,
    `${value} ${unit}`,
    against ?? '',
    ratio === null ? '' : `× ${ratio}`,
  ]);
  const header = ['figure', 'value', 'against', 'ratio'];
  const widths = header.map((title, column) =>
    Math.max(...[header, ...rows].map((row) => (row[column] ?? title).length)),
  );
  const line = (row: string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join(
    '\n',
  );
}

// Three digits say all that a benchmark knows.
function rounded(value: number): number {
  return Number(value.toPrecision(Math.abs(value) >= 1000 ? 4 : 3));
}
