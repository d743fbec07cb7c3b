/**
 * Pipes that hold secrets, such as a shell makes of `<(command)`: of at most 4 MiB, and read without ever waiting for
 * them in the system. Waiting there holds a thread that nothing can free, and after four of those the whole process can
 * read no file any more.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"
import { globalValue } from "./platform.js"

/** What one pipe has given, and whose turn it is to read on: two readers would get a part each. */
interface Pipe {
  readonly turn: Semaphore.Semaphore
  text: Redacted.Redacted | undefined
}

// A pipe gives its text once, and credentials are asked for again and again.
const pipes = globalValue(Symbol.for("effect-sts/pipes"), () => new Map<string, Pipe>())

const pipeOf = (file: string, { dev, ino }: FileSystem.File.Info): Pipe => {
  const key = `${dev} ${Option.getOrUndefined(ino)} ${file}`
  const known = pipes.get(key)
  if (known !== undefined) return known
  const oldest = pipes.size < 64 ? undefined : pipes.keys().next().value
  if (oldest !== undefined) pipes.delete(oldest)
  const made: Pipe = { turn: Semaphore.makeUnsafe(1), text: undefined }
  pipes.set(key, made)
  return made
}

/** Milliseconds that are waited in all: for a writer, for one where there was a text before, and for its text. */
const patience = { writer: 1_000, nextWriter: 100, text: 10_000 }
const pause = 10

/** The most bytes that are read of a file or a pipe. */
export const maxBytes = 4 * 1024 * 1024

const open = (file: string): number => {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  if (fstatSync(descriptor).isFIFO()) return descriptor
  closeSync(descriptor)
  throw new Error("replaced meanwhile")
}

const codeOf = (error: unknown): string => {
  const { code } = error as NodeJS.ErrnoException
  return typeof code === "string" ? code : "replaced meanwhile"
}

const attempt = <A>(run: () => A): Effect.Effect<A, string> => Effect.try({ try: run, catch: codeOf })

/** As many bytes as are there: none where there is no writer, undefined where one has yet to write. */
const some = (descriptor: number): Uint8Array | undefined => {
  const buffer = new Uint8Array(65_536)
  try {
    return buffer.subarray(0, readSync(descriptor, buffer))
  } catch (error) {
    if (codeOf(error) === "EAGAIN") return undefined
    throw error
  }
}

const drained = (descriptor: number, forWriter: number): Effect.Effect<string, string> =>
  Effect.gen(function* () {
    const chunks: Array<Uint8Array> = []
    let size = 0
    let hasWriter = false
    for (let waited = 0; ; ) {
      const chunk = yield* attempt(() => some(descriptor))
      if (chunk !== undefined && chunk.length > 0) {
        chunks.push(chunk)
        size += chunk.length
        if (size > maxBytes) return yield* Effect.fail("larger than 4 MiB")
        continue
      }
      if (chunk === undefined) hasWriter = true
      else if (hasWriter || size > 0) return new TextDecoder().decode(Buffer.concat(chunks))
      if (!hasWriter && waited >= forWriter) return yield* Effect.fail("a pipe without a writer")
      if (waited >= patience.text) return yield* Effect.fail("a pipe whose writer takes too long")
      yield* Effect.sleep(pause)
      waited += pause
    }
  })

/**
 * Reads what is written to a pipe until its writer closes it, or says why there is nothing to read. What a pipe has
 * given once it gives again as long as nobody writes anything else.
 */
export const readPipe = (file: string, info: FileSystem.File.Info): Effect.Effect<string, string> => {
  const pipe = pipeOf(file, info)
  return Effect.suspend(() => {
    const { text } = pipe
    // One that has no name for another writer to find.
    if (text !== undefined && /^\/(dev|proc\/\w+)\/fd\//.test(file))
      return Effect.succeed(Redacted.value(text))
    return Effect.acquireUseRelease(
      attempt(() => open(file)),
      (descriptor) => drained(descriptor, text === undefined ? patience.writer : patience.nextWriter),
      (descriptor) => Effect.sync(() => closeSync(descriptor))
    ).pipe(
      Effect.map((given) => {
        pipe.text = Redacted.make(given)
        return given
      }),
      Effect.catch((reason) =>
        text === undefined ? Effect.fail(reason) : Effect.succeed(Redacted.value(text))
      )
    )
  }).pipe(pipe.turn.withPermits(1))
}
