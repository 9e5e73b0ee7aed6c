/** Seeded random numbers: the same for the same seed and subject, on every machine. */
export class Random {
  #state: number

  /** Each subject has its own stream, so that removing one caller does not change the others. */
  constructor(seed: number, subject: string) {
    let hash = seed ^ 0x9e3779b9
    for (let at = 0; at < subject.length; at++) {
      hash = Math.imul(hash ^ subject.charCodeAt(at), 0x85ebca6b)
      hash ^= hash >>> 13
    }
    this.#state = hash | 0
  }

  /** At least 0, below 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  between(min: number, max: number): number {
    return min + this.next() * (max - min)
  }

  /** At least min, at most max. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1))
  }

  /** Exponential distribution: times between independent events. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next())
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[Math.floor(this.next() * items.length)] ?? items[0]
  }
}
