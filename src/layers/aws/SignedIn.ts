/**
 * Sessions that a person has signed in to: read from the files of AWS's tools, renewed in time, and written back.
 *
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import type { Renewed, SessionFault } from "../../protocol/aws/cachedSession.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { SourceError } from "../../services/CredentialSource.js"
import type { Source } from "../../services/failedCall.js"
import * as PrivateFile from "../PrivateFile.js"
import { write } from "../secureFile.js"

/**
 * A kind of session.
 *
 * @category models
 * @since 0.1.0
 */
export interface Kind<Session extends { readonly expiresAt: number }> {
  readonly source: Source
  /** What signs in again, for example `aws login`. */
  readonly command: string
  readonly file: Effect.Effect<string, SourceError>
  readonly parse: (text: string) => Either.Either<Session, SessionFault>
  /** Asks for the next session; undefined where only the person can. */
  readonly renew: (session: Session, now: number) => Effect.Effect<Renewed<Session>, SourceError> | undefined
}

/**
 * Milliseconds for each attempt of a request that a session is for, or that renews it, and between two.
 *
 * @category constants
 * @since 0.1.0
 */
export const patience = { timeout: 10_000, attempts: 3, pause: 500 }

/**
 * What to do where a session gives nothing: sign in again, unless it may pass by itself.
 *
 * @category accessors
 * @since 0.1.0
 */
export const hintOf = (reason: StsCredentialError["reason"], command: string): string | undefined =>
  reason === "Unavailable" ? undefined : `Run ${command}.`

const minute = 60_000
const windowBeforeEnd = 5 * minute
const pauseBetweenRenewals = 30_000

interface Loaded<Session> {
  readonly file: string
  readonly text: string
  readonly session: Session
}

interface Attempt {
  readonly at: number
  readonly failure: SourceError
}

class SignedIn<Session extends { readonly expiresAt: number }> {
  private readonly turn = Effect.unsafeMakeSemaphore(1)
  private attempt: Attempt | undefined
  /** A session that could not be written, and what the file held instead. */
  private unwritten: { readonly over: Redacted.Redacted; readonly session: Session } | undefined

  constructor(
    private readonly fs: FileSystem.FileSystem,
    private readonly privateFile: PrivateFile.PrivateFile,
    private readonly kind: Kind<Session>
  ) {}

  /** The session to use now. */
  readonly get: Effect.Effect<Session, SourceError> = Effect.suspend(() =>
    Effect.flatMap(this.fresh, (session) =>
      session === undefined ? this.turn.withPermits(1)(this.renewed) : Effect.succeed(session)
    )
  )

  private fail(reason: StsCredentialError["reason"], detail: string, file: string): StsCredentialError {
    const { command, source } = this.kind
    return new StsCredentialError({
      ...source,
      line: undefined,
      file,
      reason,
      detail,
      hint: reason === "Unreadable" ? undefined : hintOf(reason, command)
    })
  }

  private get load(): Effect.Effect<Loaded<Session>, SourceError> {
    return Effect.gen(this, function* () {
      const file = yield* this.kind.file
      const found = yield* this.privateFile.readFirst([file])
      if (found._tag === "Absent") return yield* this.fail("Expired", "nobody has signed in", file)
      if (found._tag === "Unreadable") {
        return yield* this.fail("Unreadable", `it cannot be read (${found.reason})`, file)
      }
      const { text } = found
      if (this.unwritten !== undefined && Redacted.value(this.unwritten.over) === text) {
        return { file, text, session: this.unwritten.session }
      }
      this.unwritten = undefined
      const session = yield* Effect.mapError(this.kind.parse(text), ({ detail, reason }) =>
        this.fail(reason, detail, file)
      )
      return { file, text, session }
    })
  }

  /** The session of the file, unless it ends soon. */
  private get fresh(): Effect.Effect<Session | undefined, SourceError> {
    return Effect.zipWith(this.load, Clock.currentTimeMillis, ({ session }, now) =>
      session.expiresAt - now > windowBeforeEnd ? session : undefined
    )
  }

  /** Looks again first: while this waited for its turn, another caller or program may have renewed the session. */
  private get renewed(): Effect.Effect<Session, SourceError> {
    return Effect.gen(this, function* () {
      const loaded = yield* this.load
      const { session } = loaded
      const now = yield* Clock.currentTimeMillis
      if (session.expiresAt - now > windowBeforeEnd) return session
      const { attempt } = this
      if (attempt !== undefined && now - attempt.at < pauseBetweenRenewals) {
        return yield* this.goOn(loaded, attempt.failure)
      }
      const renewal = this.kind.renew(session, now)
      const ended = this.fail("Expired", "the session has ended", loaded.file)
      if (renewal === undefined) return yield* this.goOn(loaded, ended)
      this.attempt = { at: now, failure: ended }
      return yield* Effect.catchAll(this.keep(loaded, renewal), (failure) => {
        this.attempt = { at: now, failure }
        return Effect.logWarning(
          `${this.kind.source.source}: the session was not renewed. ${failure.message}`
        ).pipe(
          Effect.zipRight(this.load),
          Effect.flatMap((again) => this.goOn(again, failure))
        )
      })
    })
  }

  /** A session that is not over is used to its end, though it could not be renewed. */
  private goOn({ session }: Loaded<Session>, failure: SourceError): Effect.Effect<Session, SourceError> {
    return Effect.flatMap(Clock.currentTimeMillis, (now) =>
      session.expiresAt > now ? Effect.succeed(session) : Effect.fail(failure)
    )
  }

  /** Nothing comes between the reply and the file: the old session may be worth nothing any more. */
  private keep(
    { file, text }: Loaded<Session>,
    renewal: Effect.Effect<Renewed<Session>, SourceError>
  ): Effect.Effect<Session, SourceError> {
    return Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(restore(renewal), ({ document, session }) =>
        write(this.fs, file, `${JSON.stringify(document, undefined, 2)}\n`).pipe(
          Effect.catchAll(() => {
            this.unwritten = { over: Redacted.make(text), session }
            return Effect.logWarning(
              `${file} could not be written: the session that was renewed is lost to other programs, and they may have to sign in again`
            )
          }),
          Effect.as(session)
        )
      )
    )
  }
}

/**
 * Gives the session of a file each time it is asked. Within 5 minutes of its end it is renewed, where it can be: by one
 * caller at a time, at most every 30 seconds, and written to the file. A session that could not be
 * renewed is used to its end; then the person has to sign in again.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <Session extends { readonly expiresAt: number }>(
  kind: Kind<Session>
): Effect.Effect<Effect.Effect<Session, SourceError>, never, FileSystem.FileSystem> =>
  Effect.zipWith(
    FileSystem.FileSystem,
    PrivateFile.make,
    (fs, privateFile) => new SignedIn(fs, privateFile, kind).get
  )
