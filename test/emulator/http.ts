/**
 * Plain requests to an emulator, as a credential source makes them.
 */
import * as Effect from "effect/Effect"
import { Emulator } from "../../src/testing.js"

export interface Ask {
  readonly host?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: string
  /** Sent as JSON. */
  readonly json?: object
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>>
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The body, read as JSON. */
  readonly json: () => Readonly<Record<string, string>>
  /** An object within it. */
  readonly part: (name: string) => Readonly<Record<string, string>>
}

const utf8 = new TextEncoder()

const bodyOf = ({ form, json }: Ask): readonly [type: string | undefined, text: string] => {
  if (json !== undefined) return ["application/json", JSON.stringify(json)]
  return form === undefined
    ? [undefined, ""]
    : ["application/x-www-form-urlencoded", new URLSearchParams(form).toString()]
}

/** Makes a request. */
export const http = (
  method: string,
  path: string,
  asked: Ask = {}
): Effect.Effect<Reply, never, Emulator.Emulator> =>
  Effect.gen(function* () {
    const emulator = yield* Emulator.Emulator
    const [type, text] = bodyOf(asked)
    const { reply } = yield* emulator.handle({
      method,
      path,
      query: asked.query ?? "",
      headers: {
        host: asked.host ?? "127.0.0.1",
        ...(type === undefined ? undefined : { "content-type": type }),
        ...asked.headers
      },
      body: utf8.encode(text)
    })
    return {
      ...reply,
      json: () => JSON.parse(reply.body),
      part: (name) => JSON.parse(reply.body)[name] ?? {}
    }
  })

/** The status alone. */
export const statusOf = (method: string, path: string, asked?: Ask) =>
  Effect.map(http(method, path, asked), ({ status }) => status)

/** Changes the first account, which is the seeded one. */
export const first =
  <A>(change: (account: A) => A) =>
  ([account, ...others]: ReadonlyArray<A>): ReadonlyArray<A> =>
    account === undefined ? others : [change(account), ...others]
