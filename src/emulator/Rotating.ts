/**
 * Credentials that stay the same from request to request until their end is near, as those of machines do.
 */
import * as Effect from "effect/Effect"

/** Credentials by what they are for. */
export class Rotating<Session extends { readonly expiration: number }> {
  private readonly kept = new Map<string, Session>()

  /** New ones are made so many milliseconds before the end of the old. */
  constructor(private readonly margin: number) {}

  /** The credentials there are, or else new ones. */
  get(key: string, now: number, issue: Effect.Effect<Session>): Effect.Effect<Session> {
    const session = this.kept.get(key)
    if (session !== undefined && session.expiration - now > this.margin) return Effect.succeed(session)
    return Effect.tap(issue, (issued) =>
      Effect.sync(() => {
        this.kept.set(key, issued)
      })
    )
  }
}
