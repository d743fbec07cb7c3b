/** Leaving something alone for a while. */

/**
 * A pause until a time, in milliseconds. Where the clock was put back so far that it would last longer than any pause
 * may, it is over.
 */
export class Pause {
  private until = Number.NEGATIVE_INFINITY
  constructor(private readonly longest: number) {}

  /** Begins a pause of so many milliseconds. */
  begin(now: number, millis: number): void {
    this.until = now + millis
  }

  /** Ends it early. */
  end(): void {
    this.until = Number.NEGATIVE_INFINITY
  }

  /** Whether there is one. */
  lasts(now: number): boolean {
    if (this.until - now > this.longest) this.end()
    return now < this.until
  }

  /** When it ends, if there is one. */
  endsAt(now: number): number | undefined {
    return this.lasts(now) ? this.until : undefined
  }
}
