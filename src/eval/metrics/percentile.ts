/**
 * The p-th percentile (p in [0, 100]) with linear interpolation between closest ranks (type 7 of Hyndman and Fan 1996, as
 * NumPy and R have it). Null if empty.
 */
export function percentile(values: readonly number[], p: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const position = ((sorted.length - 1) * p) / 100;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) return null;
  return below + (above - below) * (position - Math.floor(position));
}
