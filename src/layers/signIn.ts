/** Signing in, whichever cloud: one at a time on a machine, and what the person's answer comes to. */
import { dirname, join } from "node:path"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { challengeOf, type Polling, pollAfter, verifierOf } from "../protocol/oauth.js"
import { excerpt } from "../protocol/scrub.js"
import { StsCredentialError } from "../schemas/StsError.js"
import type { SourceError } from "../services/CredentialSource.js"
import { timeLimit } from "../services/fiber.js"
import { Browser, LoopbackListener, type Page, Paste, Prompt } from "../services/SignIn.js"
import type { Source } from "../services/SourceRequest.js"
import { RandomBytes } from "./cache/Lock.js"
import { inTurn } from "./cache/SharedFile.js"
import { makeFolder, readRegular, warnOnce, write } from "./PrivateFile.js"

/** How long a person has by default, in milliseconds. */
export const patience = 600_000

/** Characters that cannot be guessed. */
export const secret: Effect.Effect<Redacted.Redacted> = Effect.flatMap(RandomBytes, (random) =>
  Effect.map(random(48), verifierOf)
)

/** Opens a page where that is possible, and tells the person about it. */
export const show = (page: Omit<Page, "opened">): Effect.Effect<void> =>
  Effect.gen(function* () {
    const open = yield* Browser
    const tell = yield* Prompt
    yield* tell({ ...page, opened: yield* open(page.url) })
  })

/** A file's text, if there is one that can be read. */
export const textIn = (fs: FileSystem.FileSystem, file: string): Effect.Effect<string | undefined> =>
  Effect.map(Effect.option(readRegular(fs, file)), Option.getOrUndefined)

/**
 * The text of a file that is to be changed: where it cannot be read, or holds what is no text in UTF-8, what it holds would
 * be lost.
 */
export const existing = (
  source: Source,
  fs: FileSystem.FileSystem,
  file: string
): Effect.Effect<string | undefined, StsCredentialError> => {
  const lost = (why: string) =>
    new StsCredentialError({
      ...source,
      file,
      reason: "Unreadable",
      detail: `${why}, and what it holds would be lost`
    })
  return readRegular(fs, file).pipe(
    Effect.mapError(({ _tag, reason }) =>
      _tag === "Absent" ? undefined : lost(`it cannot be read (${reason})`)
    ),
    Effect.filterOrFail(
      (text) => !text.includes("\ufffd"),
      () => lost("it is not written in UTF-8")
    ),
    Effect.catch((fault) => (fault === undefined ? Effect.succeed(undefined) : Effect.fail(fault)))
  )
}

/** The files of a folder whose name is that of a JSON file; none where there is no folder. */
export const jsonFilesIn = (
  fs: FileSystem.FileSystem,
  folder: string
): Effect.Effect<ReadonlyArray<string>> =>
  Effect.match(fs.readDirectory(folder), {
    onFailure: () => [],
    onSuccess: (names) =>
      names
        .filter((name) => /^[^.].*\.json$/.test(name))
        .sort()
        .map((name) => join(folder, name))
  })

/** Deletes a file that kept what was signed in for. */
export const remove = (source: Source, file: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.mapError(
      fs.remove(file, { force: true }),
      () =>
        new StsCredentialError({
          ...source,
          file,
          reason: "Unreadable",
          detail: "it cannot be deleted, and the login in it stays valid until it expires",
          hint: "Delete it by hand."
        })
    )
  )

/**
 * Runs a sign-in that ends with a file, while no other process runs one for the same file. One that has waited for
 * another uses what that one left behind, if `parse` accepts it.
 */
export const oneAtATime = <A>(
  source: Source,
  file: string,
  parse: (text: string, now: number) => A | undefined,
  use: Effect.Effect<A, SourceError>
): Effect.Effect<A, SourceError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const before = yield* textIn(fs, file)
    const left = Effect.gen(function* () {
      const text = yield* textIn(fs, file)
      const now = yield* Clock.currentTimeMillis
      return text === undefined || text === before ? Option.none<A>() : Option.fromNullishOr(parse(text, now))
    })
    yield* Effect.mapError(makeFolder(fs, dirname(file)), () => unwritable(source, file))
    return yield* inTurn(fs, {
      lock: { path: `${file}.lock`, staleAfter: 2 * patience },
      patience: 2 * patience,
      // The sign-in just before may have been for this one too.
      use: Effect.flatMap(left, (found) => (Option.isSome(found) ? Effect.succeed(found.value) : use)),
      meanwhile: left,
      warn: warnOnce()
    })
  })

const unwritable = (source: Source, file: string): StsCredentialError =>
  new StsCredentialError({
    ...source,
    line: undefined,
    file,
    reason: "Unreadable",
    detail: "it cannot be written, so the login would be lost",
    hint: "Check who owns the folder."
  })

/** Writes the result of a sign-in. */
export const keep = (source: Source, file: string, text: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.mapError(write(fs, file, text), () => unwritable(source, file))
  )

/** The error for a person, or a service, that said no. */
export const denied = (
  source: Source,
  { code, description }: { readonly code: string; readonly description: string },
  hint = "Sign in again, and allow it."
): StsCredentialError => {
  const said = excerpt(description, []).replace(/\.$/, "")
  const isDenied = code === "access_denied"
  const detail = [
    isDenied ? "the sign-in was denied" : `the sign-in was refused with ${excerpt(code, [], 60)}`,
    said === "" ? "" : ` (${said})`
  ].join("")
  return new StsCredentialError({ ...source, reason: "Refused", detail, hint })
}

/** The error for a person who has not answered in time. */
export const late = (source: Source, millis: number, more = ""): StsCredentialError =>
  new StsCredentialError({
    ...source,
    reason: "Expired",
    detail: `nobody signed in within ${Math.round(millis / 1_000)} s${more}`,
    hint: "Sign in again."
  })

/**
 * What an answer to the question for a code's token means: the token, or an error code and the error that it stands
 * for.
 */
export type Asked<A> =
  | { readonly _tag: "Done"; readonly value: A }
  | { readonly _tag: "Not"; readonly code: string | undefined; readonly error: SourceError }

const mayPass = (error: SourceError): boolean =>
  error instanceof StsCredentialError && error.reason === "Unavailable"

/**
 * Asks until a person has confirmed a code. The first question comes at once, because the code may be confirmed already;
 * before the second the person is told. A service that does not answer is asked again.
 */
export const poll = <A, R, R2>(
  { interval, millis, source }: Polling & { readonly millis: number; readonly source: Source },
  ask: Effect.Effect<Asked<A>, SourceError, R>,
  tell: Effect.Effect<void, never, R2>
): Effect.Effect<A, SourceError, R | R2> =>
  Effect.gen(function* () {
    const end = (yield* Clock.currentTimeMillis) + millis
    let polling: Polling = { interval }
    for (let told = false; ; told = true) {
      const asked = yield* Effect.catchIf(ask, mayPass, (error) =>
        Effect.succeed<Asked<A>>({ _tag: "Not", code: undefined, error })
      )
      if (asked._tag === "Done") return asked.value
      const next = pollAfter(polling, asked.code) ?? (mayPass(asked.error) ? polling : undefined)
      if (next === undefined) return yield* Effect.fail(asked.error)
      polling = next
      if (!told) yield* tell
      if ((yield* Clock.currentTimeMillis) + polling.interval >= end) return yield* late(source, millis)
      yield* Effect.sleep(polling.interval)
    }
  })

/** How the browser of this machine is used. */
export interface BrowserFlow {
  readonly source: Source
  /** The ports to try for the address that it is sent back to. */
  readonly ports: ReadonlyArray<number>
  readonly path: string
  readonly millis: number
  /** The page where a person signs in. */
  readonly pageOf: (authorization: {
    readonly redirectUri: string
    readonly state: Redacted.Redacted
    readonly challenge: string
  }) => string
}

/** What the browser brought back, and what it is redeemed with. */
export interface Grant {
  readonly code: Redacted.Redacted
  readonly verifier: Redacted.Redacted
  readonly redirectUri: string
}

const byOther = (count: number): string =>
  count === 0
    ? ""
    : `; ${count} answer${count === 1 ? "" : "s"} came from another sign-in, or without its state`

/** Sends the person to a page, and waits for what the browser brings back to an address of this machine. */
export const throughBrowser = ({ millis, pageOf, path, ports, source }: BrowserFlow) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { listen } = yield* LoopbackListener
      const [state, verifier] = [yield* secret, yield* secret]
      // Before the browser opens: where the person is signed in already, the answer comes at once.
      const { answer, foreignRequests, redirectUri } = yield* listen({ ports, path, state })
      yield* show({ url: pageOf({ redirectUri, state, challenge: challengeOf(verifier) }), code: undefined })
      const answered = yield* timeLimit(Effect.asSome(answer), millis, () => undefined).pipe(
        Effect.catch(() => Effect.succeedNone)
      )
      if (answered._tag === "None") return yield* late(source, millis, byOther(yield* foreignRequests))
      if (answered.value._tag === "Refused") return yield* denied(source, answered.value)
      return { code: answered.value.code, verifier, redirectUri } satisfies Grant
    })
  )

/** How a browser on any machine is used. */
export interface PasteFlow<Fault extends string> extends Omit<BrowserFlow, "ports" | "path"> {
  /** The page that the browser is sent to at the end, which shows what to paste. */
  readonly redirectUri: string
  /** The code in what was pasted. */
  readonly codeIn: (
    text: Redacted.Redacted,
    state: Redacted.Redacted
  ) => Result.Result<Redacted.Redacted, Fault>
}

const pastes = 3

/**
 * Tells the person about a page, and asks for what it shows at the end: up to three times, if something else is pasted.
 */
export const throughPaste = <Fault extends string>({
  codeIn,
  millis,
  pageOf,
  redirectUri,
  source
}: PasteFlow<Fault>): Effect.Effect<Grant, StsCredentialError> =>
  Effect.gen(function* () {
    const [ask, tell] = [yield* Paste, yield* Prompt]
    const [state, verifier] = [yield* secret, yield* secret]
    yield* tell({
      url: pageOf({ redirectUri, state, challenge: challengeOf(verifier) }),
      code: undefined,
      opened: false
    })
    for (let left = pastes; ; left--) {
      const text = yield* timeLimit(ask(), millis, () => late(source, millis))
      if (text === undefined) {
        return yield* new StsCredentialError({
          ...source,
          reason: "Incomplete",
          detail: "nothing was pasted from the page",
          hint: "Run it at a terminal."
        })
      }
      const found = codeIn(text, state)
      if (Result.isSuccess(found)) return { code: found.success, verifier, redirectUri }
      if (left === 1) {
        const detail = `what was pasted is ${found.failure}`
        return yield* new StsCredentialError({
          ...source,
          reason: "Malformed",
          detail,
          hint: "Paste the whole text that the page shows at the end."
        })
      }
    }
  })
