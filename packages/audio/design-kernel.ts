/**
 * Finds the numbers in `src/kernel.ts`: `node packages/audio/design-kernel.ts`. Run by hand.
 *
 * A weighted least-squares fit of a cosine series, its weights raised where the error is largest
 * (Lawson), so that passband ripple and stopband both become nearly even. In samples of the lower
 * rate: the kernel ends at HALF_LENGTH, the passband at PASS, the stopband runs from STOP upwards.
 */
const HALF_LENGTH = 19.5;
const TERMS = 24;
const PASS = 0.42;
const STOP = 0.5;
/** How much more an error in the stopband counts than one in the passband. */
const STOP_WEIGHT = 250;
const ROUNDS = 40;

interface Point {
  readonly basis: number[];
  readonly wanted: number;
  readonly scale: number;
  weight: number;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

// Spectrum of each cosine, less as much of the last one as makes the term end at zero.
function spectrum(frequency: number): number[] {
  const cosines = Array.from({ length: TERMS }, (_, k) => {
    const x = 2 * HALF_LENGTH * frequency;
    return HALF_LENGTH * (sinc(x - k) + sinc(x + k));
  });
  const last = cosines[TERMS - 1] ?? 0;
  return cosines.slice(0, -1).map((value, k) => value - (-1) ** (TERMS - 1 - k) * last);
}

const ramp = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let column = 0; column < rows.length; column++) {
    let pivot = column;
    for (let i = column; i < rows.length; i++) {
      if (Math.abs(at(i, column)) > Math.abs(at(pivot, column))) pivot = i;
    }
    [rows[column], rows[pivot]] = [rows[pivot] ?? [], rows[column] ?? []];
    for (let i = 0; i < rows.length; i++) {
      const factor = i === column ? 0 : at(i, column) / at(column, column);
      if (factor !== 0) rows[i] = (rows[i] ?? []).map((x, j) => x - factor * at(column, j));
    }
  }
  return rows.map((row, i) => (row[rows.length] ?? 0) / (row[i] ?? 1));
}

function fit(points: readonly Point[]): number[] {
  const size = TERMS - 1;
  const normal = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const right = new Array<number>(size).fill(0);
  for (const { basis, wanted, scale, weight } of points) {
    const importance = weight * scale * scale;
    basis.forEach((a, i) => {
      right[i] = (right[i] ?? 0) + importance * a * wanted;
      const row = normal[i] ?? [];
      basis.forEach((b, j) => {
        row[j] = (row[j] ?? 0) + importance * a * b;
      });
    });
  }
  normal.forEach((row, i) => {
    row[i] = (row[i] ?? 0) + 1e-9;
  });
  return solve(normal, right);
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

const points: Point[] = [
  ...ramp(0, PASS, 90).map((f) => ({ basis: spectrum(f), wanted: 1, scale: 1, weight: 1 })),
  ...[...ramp(STOP, STOP + 0.5, 160), ...ramp(STOP + 0.5, 4, 500)].map((f) => ({
    basis: spectrum(f),
    wanted: 0,
    scale: STOP_WEIGHT,
    weight: 1,
  })),
];
let terms: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  terms = fit(points);
  const errors = points.map((p) => Math.abs(dot(p.basis, terms) - p.wanted) * p.scale);
  const largest = Math.max(...errors);
  points.forEach((point, i) => {
    point.weight *= (errors[i] ?? 0) / largest + 1e-3;
  });
  const heaviest = Math.max(...points.map((point) => point.weight));
  for (const point of points) point.weight /= heaviest;
}

const dB = (f: number): number => 20 * Math.log10(Math.abs(dot(spectrum(f), terms)));
const passband = ramp(0, PASS, 2000).map(dB);
const last = -terms.reduce((sum, x, k) => sum + x * (-1) ** (TERMS - 1 - k), 0);
console.log([...terms, last].map((x) => Number(x.toFixed(10))).join(', '));
console.log(`ripple ${Math.min(...passband).toFixed(2)} to ${Math.max(...passband).toFixed(2)} dB`);
console.log(`3400 of 8000 Hz at ${dB(0.425).toFixed(2)} dB`);
console.log(`stopband ${Math.max(...ramp(STOP, 12, 20_000).map(dB)).toFixed(1)} dB`);
