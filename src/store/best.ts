/** The `count` best of all that is offered: a binary heap with the worst of them on top. Equal scores: lower key wins. */
export class Best {
  readonly #count: number;
  readonly #heap: { score: number; key: number }[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  get keys(): number[] {
    return this.#heap.map(({ key }) => key);
  }

  /** False where an offer of this score would change nothing, whatever its key. */
  takes(score: number): boolean {
    const top = this.#heap[0];
    return this.#heap.length < this.#count || (top !== undefined && score >= top.score);
  }

  offer(score: number, key: number): void {
    const heap = this.#heap;
    const top = heap[0];
    if (heap.length < this.#count) {
      heap.push({ score, key });
      this.#rise(heap.length - 1);
    } else if (top !== undefined && (score > top.score || (score === top.score && key < top.key))) {
      heap[0] = { score, key };
      this.#sink();
    }
  }

  #worse(i: number, j: number): boolean {
    const a = this.#heap[i];
    const b = this.#heap[j];
    if (a === undefined || b === undefined) return false;
    return a.score < b.score || (a.score === b.score && a.key > b.key);
  }

  #swap(i: number, j: number): void {
    const heap = this.#heap;
    [heap[i], heap[j]] = [heap[j] as (typeof heap)[0], heap[i] as (typeof heap)[0]];
  }

  #rise(from: number): void {
    for (let i = from; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!this.#worse(i, parent)) return;
      this.#swap(i, parent);
      i = parent;
    }
  }

  #sink(): void {
    for (let i = 0; ; ) {
      let worst = i;
      if (this.#worse(2 * i + 1, worst)) worst = 2 * i + 1;
      if (this.#worse(2 * i + 2, worst)) worst = 2 * i + 2;
      if (worst === i) return;
      this.#swap(i, worst);
      i = worst;
    }
  }
}
