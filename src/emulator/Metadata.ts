/**
 * What the clouds' instance metadata services have in common: a session's token, and the credentials of a role.
 *
 * Source: "How Instance Metadata Service Version 2 works", Amazon EC2 User Guide, and "Instance metadata", Alibaba Cloud
 * ECS User Guide.
 */
import * as Effect from "effect/Effect"
import type { Note } from "./Policy.js"
import {
  type Asked,
  type Endpoint,
  jsonReply,
  type Refusal,
  type Route,
  refusal,
  textReply,
  type WireReply,
  type WireRequest
} from "./Service.js"
import { type Generator, Tokens } from "./State.js"

/** What of an instance the service itself needs to know. */
export interface Instance {
  /** For example `i-0e11a7042emu1ator`. It names the sessions of the role. */
  readonly id: string
  /** The role that is attached to it. Default: none. */
  readonly role?: string | undefined
  /** Whether the service answers to requests without a token. Default: `optional`. */
  readonly httpTokens?: "optional" | "required" | undefined
  /** Whether the service is switched on. Default: `enabled`. */
  readonly httpEndpoint?: "enabled" | "disabled" | undefined
}

/** The account that has the instance. */
interface Holder {
  readonly instance?: Instance | undefined
}

/** How one cloud's service speaks. */
export interface Dialect<Account extends Holder> {
  /** The header of a token; the one that asks for its lifetime begins with it. */
  readonly tokenHeader: string
  readonly recognises: (request: WireRequest) => boolean
  /** Where a role's credentials are found, below which the role is named. */
  readonly paths: (account: Account | undefined) => ReadonlyArray<string>
  /** Of several accounts with an instance the first counts. */
  readonly accounts: () => ReadonlyArray<Account>
  /** The credentials of the instance's role, as they stand below a path. */
  readonly credentials: (
    account: Account,
    instance: Instance,
    role: string,
    path: string,
    now: number,
    note: Note
  ) => Effect.Effect<object>
}

const holder = <Account extends Holder>({ accounts }: Dialect<Account>): Account | undefined =>
  accounts().find(({ instance }) => instance !== undefined)

const tokenPath = "/latest/api/token"
const longest = 21_600

const titles: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed"
}

const refused = (status: number): Refusal =>
  refusal(status, (titles[status] ?? "").replaceAll(" ", ""), titles[status] ?? "")

const page = ({ code, message, status }: Refusal, { now }: Asked): WireReply => {
  const title = `${status} - ${titles[status] ?? code}`
  const detail = titles[status] === message ? "" : `<p>${message}</p>`
  return textReply(
    now,
    status,
    `<html><head><title>${title}</title></head><body><h1>${title}</h1>${detail}</body></html>`,
    {
      "content-type": "text/html"
    }
  )
}

const lifetimeOf = (asked: string | undefined): number | undefined => {
  const seconds = /^\d{1,6}$/.test(asked ?? "") ? Number(asked) : 0
  return seconds >= 1 && seconds <= longest ? seconds : undefined
}

const present = <Account extends Holder>(dialect: Dialect<Account>) => {
  const account = holder(dialect)
  if (account?.instance === undefined) return Effect.fail(refused(404))
  const { instance } = account
  return instance.httpEndpoint === "disabled"
    ? Effect.fail(refused(403))
    : Effect.succeed({ account, instance })
}

const newToken =
  <Account extends Holder>(
    dialect: Dialect<Account>,
    tokens: Tokens<true>,
    generator: Generator
  ): Route["answer"] =>
  ({ now, request: { headers, method } }) =>
    Effect.gen(function* () {
      const ttlHeader = `${dialect.tokenHeader}-ttl-seconds`
      yield* present(dialect)
      if (method !== "PUT") return yield* Effect.fail(refused(405))
      // A proxy in between may not be the instance's own.
      if (headers["x-forwarded-for"] !== undefined) return yield* Effect.fail(refused(403))
      const seconds = lifetimeOf(headers[ttlHeader])
      if (seconds === undefined) return yield* Effect.fail(refused(400))
      const token = `${yield* generator.text(54)}==`
      tokens.add(token, true, now + seconds * 1_000, now)
      return textReply(now, 200, token, { [ttlHeader]: String(seconds) })
    })

const admit = <Account extends Holder>(
  dialect: Dialect<Account>,
  tokens: Tokens<true>,
  { now, request }: Asked
) =>
  Effect.gen(function* () {
    const found = yield* present(dialect)
    if (request.method !== "GET") return yield* Effect.fail(refused(405))
    const token = request.headers[dialect.tokenHeader]
    const isAllowed =
      token === undefined ? found.instance.httpTokens !== "required" : tokens.valid(token, now) === true
    return isAllowed ? found : yield* Effect.fail(refused(401))
  })

const credentials =
  <Account extends Holder>(dialect: Dialect<Account>, tokens: Tokens<true>, path: string): Route["answer"] =>
  (asked, note) =>
    Effect.gen(function* () {
      const { account, instance } = yield* admit(dialect, tokens, asked)
      const role = asked.request.path.slice(path.length)
      if (instance.role === undefined || instance.role !== role) return yield* Effect.fail(refused(404))
      const content = yield* dialect.credentials(account, instance, role, path, asked.now, note)
      return jsonReply(asked.now, 200, content, { "content-type": "text/plain" })
    })

const roleName =
  <Account extends Holder>(dialect: Dialect<Account>, tokens: Tokens<true>): Route["answer"] =>
  (asked) =>
    Effect.flatMap(admit(dialect, tokens, asked), ({ instance: { role } }) =>
      role === undefined ? Effect.fail(refused(404)) : Effect.succeed(textReply(asked.now, 200, role))
    )

/** A cloud's service. */
export const make = <Account extends Holder>(dialect: Dialect<Account>, generator: Generator): Endpoint => {
  const tokens = new Tokens<true>(() => undefined)
  const routeOf = (path: string): Route => {
    if (path === tokenPath) {
      return { operation: "MetadataToken", answer: newToken(dialect, tokens, generator) }
    }
    const root = dialect
      .paths(holder(dialect))
      .find((root) => path === root.slice(0, -1) || path.startsWith(root))
    if (root === undefined) {
      const answer: Route["answer"] = (asked) =>
        Effect.andThen(admit(dialect, tokens, asked), Effect.fail(refused(404)))
      return { operation: "Metadata", answer }
    }
    return path.length <= root.length
      ? { operation: "MetadataRole", answer: roleName(dialect, tokens) }
      : { operation: "MetadataCredentials", answer: credentials(dialect, tokens, root) }
  }
  return {
    proof: dialect.tokenHeader,
    route: (request) => (dialect.recognises(request) ? routeOf(request.path) : undefined),
    refuse: page
  }
}
