/** What a lock's file says of its holder. */
import { createHash } from "node:crypto"
import * as Result from "effect/Result"
import * as Json from "./json.js"

/** Who holds a lock, and since when, in milliseconds since 1970. */
export interface Holder {
  /** 32 hexadecimal digits that no other holder ever has. */
  readonly id: string
  readonly pid: number
  /** The thread within the process. */
  readonly thread: number
  readonly host: string
  readonly at: number
}

/** A holder as its file has it. */
export const encode = (holder: Holder): string => `${JSON.stringify(holder)}\n`

const wellFormed = /^[0-9a-f]{32}$/

const isCount = (value: number | undefined, least: number): value is number =>
  value !== undefined && Number.isSafeInteger(value) && value >= least

const holderIn = (content: string): Result.Result<Holder, string> =>
  Result.gen(function* () {
    const record = Json.parse(content) ?? {}
    const { host, id } = yield* Json.texts(record, { host: "host", id: "id" })
    const pid = yield* Json.number(record, "pid")
    const thread = yield* Json.number(record, "thread")
    const at = yield* Json.number(record, "at")
    return id === undefined ||
      !wellFormed.test(id) ||
      // To the system the number 0 is no process but a group of them.
      !isCount(pid, 1) ||
      !isCount(thread, 0) ||
      host === undefined ||
      at === undefined
      ? yield* Result.fail("it is not whole")
      : { id, pid, thread, host, at }
  })

/**
 * Whose a damaged file is: nobody's. Its holder has long since gone, and has an id that stands for the file alone.
 */
export const damaged = (path: string, content: string): Holder => ({
  id: createHash("sha256").update(`${path}\n${content}`).digest("hex").slice(0, 32),
  pid: 0,
  thread: 0,
  host: "",
  at: Number.NEGATIVE_INFINITY
})

/** Reads a lock's file. */
export const decode = (path: string, content: string): Holder =>
  Result.getOrElse(holderIn(content), () => damaged(path, content))
