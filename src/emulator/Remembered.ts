/** A map that forgets: what it was told longer than a given time ago is gone. */

/** Values by key, each kept for the same time. Time never runs inside; every call brings its own. */
export class Remembered<A> {
  private readonly entries = new Map<string, { readonly value: A; readonly at: number }>()

  constructor(private readonly keepMillis: number) {}

  /** The value, unless it is unknown or forgotten. */
  get(key: string, now: number): A | undefined {
    const entry = this.entries.get(key)
    return entry === undefined || this.isOver(entry.at, now) ? undefined : entry.value
  }

  /** Tells a value. */
  set(key: string, value: A, now: number): void {
    this.forget(now)
    this.entries.delete(key)
    this.entries.set(key, { value, at: now })
  }

  private isOver(at: number, now: number): boolean {
    return now - at > this.keepMillis
  }

  private forget(now: number): void {
    for (const [key, { at }] of this.entries) {
      if (!this.isOver(at, now)) return
      this.entries.delete(key)
    }
  }
}
