/** Many sources, each behind a cache of its own, found by what they are asked for. */
import * as Effect from "effect/Effect"
import type { Cloud } from "../schemas/StsError.js"
import type { CredentialSource } from "../services/CredentialSource.js"
import { make, type RefreshingSource, type Renewable } from "../services/Refreshing.js"

/**
 * A bounded number of sources. Where there is no room for another, the one that was asked for longest ago goes.
 */
export class KeyedSources<Credentials extends Renewable> {
  // A Map keeps the order of insertion: the first is the one that was used longest ago.
  private readonly sources = new Map<string, RefreshingSource<Credentials>>()
  private readonly numbers = new WeakMap<object, number>()
  private readonly known = new WeakMap<object, object>()
  private numbered = 0

  constructor(
    private readonly cloud: Cloud,
    private readonly capacity: number
  ) {}

  /** How many there are. */
  get size(): number {
    return this.sources.size
  }

  /** The source of this key, made if there is none yet. */
  of<E, R>(
    key: string,
    source: Effect.Effect<CredentialSource<Credentials>, E, R>
  ): Effect.Effect<RefreshingSource<Credentials>, E, R> {
    return Effect.suspend(() => {
      const known = this.use(key)
      if (known !== undefined) return Effect.succeed(known)
      return Effect.map(source, (bare) => this.use(key) ?? this.add(key, make(this.cloud, bare)))
    })
  }

  /** A number that stands for an object and nothing else, for keys. */
  numberOf(object: object): number {
    const known = this.numbers.get(object)
    if (known !== undefined) return known
    this.numbers.set(object, ++this.numbered)
    return this.numbered
  }

  /** What was found out about an object when it was first asked about. */
  once(about: object, found: Effect.Effect<object>): Effect.Effect<object> {
    return Effect.suspend(() => {
      const known = this.known.get(about)
      if (known !== undefined) return Effect.succeed(known)
      return Effect.tap(found, (facts) =>
        Effect.sync(() => {
          this.known.set(about, facts)
        })
      )
    })
  }

  private use(key: string): RefreshingSource<Credentials> | undefined {
    const known = this.sources.get(key)
    if (known === undefined) return undefined
    this.sources.delete(key)
    this.sources.set(key, known)
    return known
  }

  private add(key: string, source: RefreshingSource<Credentials>): RefreshingSource<Credentials> {
    const [oldest] = this.sources.keys()
    if (this.sources.size >= this.capacity && oldest !== undefined) this.sources.delete(oldest)
    this.sources.set(key, source)
    return source
  }
}
