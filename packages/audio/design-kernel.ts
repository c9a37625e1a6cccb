/**
 * Finds the numbers in `src/kernel.ts`: `node packages/audio/design-kernel.ts`. Run by hand.
 *
 * A weighted least-squares fit of a cosine series, its weights raised where the error is largest
 * (Lawson), so that passband ripple and stopband both become nearly even. In samples of the lower
 * rate: the kernel begins AHEAD before its middle and ends BEHIND after it, the passband ends at PASS,
 * the stopband runs from STOP upwards. In the passband only the level counts: the phase is wherever
 * the last round found it, which is what lets the kernel look ahead less than it looks behind.
 */
const AHEAD = 9.5;
const BEHIND = 29.5;
const LENGTH = AHEAD + BEHIND;
const TERMS = 48;
const PASS = 0.42;
const STOP = 0.5;
/** How much more an error in the stopband counts than one in the passband. */
const STOP_WEIGHT = 250;
const ROUNDS = 40;
const LOWER_RATE = 8000;

type Complex = readonly [real: number, imaginary: number];

interface Point {
  readonly basis: readonly Complex[];
  wanted: Complex;
  readonly scale: number;
  weight: number;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

// Spectrum of each cosine, less as much of the last even or odd one as makes the term end at zero.
function spectrum(frequency: number): Complex[] {
  const cosines = Array.from({ length: TERMS }, (_, k): Complex => {
    const [a, b] = [-k, k].map((turns) => frequency + turns / (2 * LENGTH));
    const parts = [a ?? 0, b ?? 0].map((f): Complex => {
      const [size, phase] = [(LENGTH / 2) * sinc(f * LENGTH), frequency * AHEAD * 2 - f * LENGTH];
      return [size * Math.cos(Math.PI * phase), size * Math.sin(Math.PI * phase)];
    });
    return [parts.reduce((s, [x]) => s + x, 0), parts.reduce((s, [, y]) => s + y, 0)];
  });
  return cosines.slice(0, -2).map(([x, y], k) => {
    const [lastX, lastY] = cosines[lastOf(k)] ?? [0, 0];
    return [x - lastX, y - lastY];
  });
}

const lastOf = (k: number): number => TERMS - 1 - ((TERMS - 1 - k) % 2);

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
  const size = TERMS - 2;
  const normal = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const right = new Array<number>(size).fill(0);
  for (const { basis, wanted, scale, weight } of points) {
    const importance = weight * scale * scale;
    basis.forEach(([x, y], i) => {
      right[i] = (right[i] ?? 0) + importance * (x * wanted[0] + y * wanted[1]);
      const row = normal[i] ?? [];
      basis.forEach(([u, v], j) => {
        row[j] = (row[j] ?? 0) + importance * (x * u + y * v);
      });
    });
  }
  normal.forEach((row, i) => {
    row[i] = (row[i] ?? 0) + 1e-9;
  });
  return solve(normal, right);
}

function response(basis: readonly Complex[], terms: readonly number[]): Complex {
  const sum = (part: 0 | 1) => basis.reduce((s, value, k) => s + value[part] * (terms[k] ?? 0), 0);
  return [sum(0), sum(1)];
}

const point = (frequency: number, level: number, scale: number): Point => ({
  basis: spectrum(frequency),
  wanted: [level, 0],
  scale,
  weight: 1,
});

const points = [
  ...ramp(0, PASS, 90).map((f) => point(f, 1, 1)),
  ...[...ramp(STOP, STOP + 0.5, 160), ...ramp(STOP + 0.5, 4, 500)].map((f) =>
    point(f, 0, STOP_WEIGHT),
  ),
];
let terms: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  terms = fit(points);
  const errors = points.map((p) => {
    const [x, y] = response(p.basis, terms);
    const size = Math.hypot(x, y);
    if (p.scale === 1) p.wanted = [x / size, y / size];
    return Math.hypot(x - p.wanted[0], y - p.wanted[1]) * p.scale;
  });
  const largest = Math.max(...errors);
  points.forEach((p, i) => {
    p.weight *= (errors[i] ?? 0) / largest + 1e-3;
  });
  const heaviest = Math.max(...points.map((p) => p.weight));
  for (const p of points) p.weight /= heaviest;
}

const at = (f: number): Complex => response(spectrum(f), terms);
const dB = (f: number): number => 20 * Math.log10(Math.hypot(...at(f)));
const lateMs = (f: number): number => {
  const [x, y] = at(f);
  return (-Math.atan2(y, x) / (2 * Math.PI * f * LOWER_RATE)) * 1000;
};
const passband = ramp(300 / LOWER_RATE, PASS, 2000);
const last = [TERMS - 2, TERMS - 1].map((end) =>
  terms.reduce((sum, x, k) => (lastOf(k) === end ? sum - x : sum), 0),
);
console.log([...terms, ...last].map((x) => Number(x.toFixed(10))).join(', '));
const levels = passband.map(dB);
console.log(`ripple ${Math.min(...levels).toFixed(2)} to ${Math.max(...levels).toFixed(2)} dB`);
console.log(`3400 of 8000 Hz at ${dB(0.425).toFixed(2)} dB`);
console.log(`stopband ${Math.max(...ramp(STOP, 12, 20_000).map(dB)).toFixed(1)} dB`);
console.log(`late by up to ${Math.max(...passband.map((f) => Math.abs(lateMs(f)))).toFixed(3)} ms`);
