/** A queue in a ring buffer that doubles when full: neither push nor take moves what it holds. */
export class Ring<Item> {
  private items: (Item | undefined)[] = Array.from({ length: 64 }, () => undefined);
  private first = 0;
  private count = 0;

  get length(): number {
    return this.count;
  }

  push(item: Item): void {
    if (this.count === this.items.length) this.grow();
    this.items[(this.first + this.count) & (this.items.length - 1)] = item;
    this.count += 1;
  }

  /** The oldest item, which leaves the queue. */
  take(): Item | undefined {
    const item = this.items[this.first];
    this.items[this.first] = undefined;
    if (this.count === 0) return undefined;
    this.first = (this.first + 1) & (this.items.length - 1);
    this.count -= 1;
    return item;
  }

  private grow(): void {
    const inOrder = [...this.items.slice(this.first), ...this.items.slice(0, this.first)];
    this.items = [...inOrder, ...inOrder.map(() => undefined)];
    this.first = 0;
  }
}
