/** Keeps an array sorted by binary insertion, so that a decision never has to sort. */
export class Sorted<Item> {
  readonly items: Item[] = []
  readonly #compare: (a: Item, b: Item) => number

  /** `compare` must be a total order: 0 only for the same item. */
  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare
  }

  add(item: Item): void {
    this.items.splice(this.#place(item), 0, item)
  }

  /** Removes the item that compares equal; false when there is none. */
  remove(item: Item): boolean {
    const place = this.#place(item)
    const found = this.items[place]
    if (found === undefined || this.#compare(found, item) !== 0) return false
    this.items.splice(place, 1)
    return true
  }

  #place(item: Item): number {
    let low = 0
    let high = this.items.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = this.items[middle]
      if (other !== undefined && this.#compare(other, item) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
