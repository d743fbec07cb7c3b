/** Sessions that a person has signed in to: read from the files of AWS's tools, renewed in time, and written back. */

import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Redacted from "effect/Redacted"
import type * as Result from "effect/Result"
import * as Semaphore from "effect/Semaphore"
import type { Renewed, SessionFault } from "../../protocol/aws/identityServices.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { SourceError } from "../../services/CredentialSource.js"
import type { Source } from "../../services/SourceRequest.js"
import * as PrivateFile from "../PrivateFile.js"
import { write } from "../PrivateFile.js"
import { hintOf } from "./identityCall.js"

/** What is to be known of a file from one time that it is asked for to the next. */
class Memory {
  /** One fiber at a time handles the file. */
  readonly turn = Semaphore.makeUnsafe(1)
  /** The last renewal, and what to say where it is too early for another. */
  attempt:
    | {
        /** Milliseconds since 1970. */
        readonly at: number
        /** What it failed with, or what to say. */
        readonly failure: SourceError
      }
    | undefined
  /** A file's new text that could not be written, and the text that the file has instead. */
  unwritten:
    | {
        /** What the file has. */
        readonly over: Redacted.Redacted
        /** What it should have. */
        readonly text: Redacted.Redacted
      }
    | undefined
}

/** What is known of all files. Code that makes sources anew each time keeps one of these for them. */
export class TokenFileCache {
  private readonly ofFiles = new Map<string, Memory>()
  /** It warns once of a file that others may read. */
  privateFile: PrivateFile.PrivateFile | undefined

  /** What is known of a file. */
  of(file: string): Memory {
    const memory = this.ofFiles.get(file) ?? new Memory()
    this.ofFiles.set(file, memory)
    return memory
  }
}

/** What is known of the files, where the maker of the sources keeps it. */
export const KeptTokenFiles = Context.Reference("effect-sts/aws/TokenFiles", {
  defaultValue: (): TokenFileCache | undefined => undefined
})

/** A kind of session. */
interface Kind<Session extends { readonly expiresAt: number }> {
  readonly source: Source
  /** What signs in again, for example `aws login`. */
  readonly command: string
  readonly file: Effect.Effect<string, SourceError>
  readonly parse: (text: string) => Result.Result<Session, SessionFault>
  /** Asks for the next session; undefined where only the person can. */
  readonly renew: (session: Session, now: number) => Effect.Effect<Renewed<Session>, SourceError> | undefined
}

const minute = 60_000
const windowBeforeEnd = 5 * minute
const pauseBetweenRenewals = 30_000

interface Loaded<Session> {
  readonly file: string
  readonly text: string
  readonly session: Session
  readonly memory: Memory
}

class TokenFile<Session extends { readonly expiresAt: number }> {
  constructor(
    private readonly fs: FileSystem.FileSystem,
    private readonly privateFile: PrivateFile.PrivateFile,
    private readonly kind: Kind<Session>,
    private readonly memories: TokenFileCache
  ) {}

  /** The session to use now. */
  readonly get: Effect.Effect<Session, SourceError> = Effect.gen({ self: this }, function* () {
    const { memory, session } = yield* this.load
    return (yield* lastsLonger(session)) ? session : yield* memory.turn.withPermits(1)(this.renewed)
  })

  private fail(reason: StsCredentialError["reason"], detail: string, file: string): StsCredentialError {
    const { command, source } = this.kind
    const hint = hintOf(reason, command)
    // The tool that signs in may be writing the file just now.
    const transient = reason !== "Expired" || undefined
    return new StsCredentialError({ ...source, line: undefined, file, reason, detail, hint, transient })
  }

  private get load(): Effect.Effect<Loaded<Session>, SourceError> {
    return Effect.gen({ self: this }, function* () {
      const file = yield* this.kind.file
      const found = yield* this.privateFile.readFirst([file], true)
      if (found._tag === "Absent") return yield* this.fail("Expired", "no one has signed in", file)
      if (found._tag === "Unreadable") {
        return yield* this.fail("Unreadable", `it cannot be read (${found.reason})`, file)
      }
      const { text } = found
      const memory = this.memories.of(file)
      const { unwritten } = memory
      const holds = unwritten !== undefined && Redacted.value(unwritten.over) === text
      const session = yield* Effect.mapError(
        Effect.fromResult(this.kind.parse(holds ? Redacted.value(unwritten.text) : text)),
        ({ detail, reason }) => this.fail(reason, detail, file)
      )
      return { file, text, session, memory }
    })
  }

  /** Looks again first: while this waited for its turn, another caller or program may have renewed the session. */
  private get renewed(): Effect.Effect<Session, SourceError> {
    return Effect.gen({ self: this }, function* () {
      const loaded = yield* this.load
      const { file, memory, session } = loaded
      if (yield* lastsLonger(session)) return session
      const now = yield* Clock.currentTimeMillis
      const { attempt } = memory
      if (attempt !== undefined && now - attempt.at < pauseBetweenRenewals) {
        return yield* toItsEnd(session, attempt.failure)
      }
      const ended = this.fail("Expired", "the session has ended", file)
      const renewal = this.kind.renew(session, now)
      if (renewal === undefined) return yield* toItsEnd(session, ended)
      memory.attempt = { at: now, failure: ended }
      return yield* this.keep(loaded, renewal).pipe(
        Effect.catch((failure) => {
          memory.attempt = { at: now, failure }
          return this.without(failure)
        }),
        // Giving up waiting says nothing about the session.
        Effect.onInterrupt(() =>
          Effect.sync(() => {
            memory.attempt = attempt
          })
        )
      )
    })
  }

  /** Looks once more: what one program could not renew, another may have renewed at the same time. */
  private without(failure: SourceError): Effect.Effect<Session, SourceError> {
    const { source } = this.kind.source
    return this.load.pipe(
      Effect.flatMap(({ session }) => toItsEnd(session, failure)),
      Effect.tap(
        Effect.logWarning(`${source}: the current session is used until it expires. ${failure.message}`)
      )
    )
  }

  /** Nothing comes between the reply and the file: the old session may be worth nothing any more. */
  private keep(
    { file, memory, text }: Loaded<Session>,
    renewal: Effect.Effect<Renewed<Session>, SourceError>
  ): Effect.Effect<Session, SourceError> {
    const warning = `${file} could not be written: the renewed session is lost to other programs, which may have to sign in again`
    return Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(restore(renewal), ({ document, session }) => {
        const next = `${JSON.stringify(document, undefined, 2)}\n`
        return write(this.fs, file, next).pipe(
          Effect.catch(() => {
            memory.unwritten = { over: Redacted.make(text), text: Redacted.make(next) }
            return Effect.logWarning(warning)
          }),
          Effect.as(session)
        )
      })
    )
  }
}

const lastsLonger = ({ expiresAt }: { readonly expiresAt: number }): Effect.Effect<boolean> =>
  Effect.map(Clock.currentTimeMillis, (now) => expiresAt - now > windowBeforeEnd)

/** A session that is not over is used to its end, though it could not be renewed. */
const toItsEnd = <Session extends { readonly expiresAt: number }>(
  session: Session,
  failure: SourceError
): Effect.Effect<Session, SourceError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    session.expiresAt > now ? Effect.succeed(session) : Effect.fail(failure)
  )

/**
 * Gives the session of a file each time it is asked. Within 5 minutes of its end it is renewed, where it can be: by one
 * caller at a time, at most every 30 seconds, and written to the file. A session that could not be renewed is used to
 * its end; then the person has to sign in again.
 */
export const sessionIn = <Session extends { readonly expiresAt: number }>(
  kind: Kind<Session>
): Effect.Effect<Effect.Effect<Session, SourceError>, never, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const privateFile = yield* PrivateFile.make
    const memories = (yield* KeptTokenFiles) ?? new TokenFileCache()
    memories.privateFile ??= privateFile
    return new TokenFile(fs, memories.privateFile, kind, memories).get
  })
