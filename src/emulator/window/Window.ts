/**
 * A page at the emulator's own address, `/_emulator/`: the requests as they come in, with their signatures; accounts,
 * roles and sessions; faults and the clock, which it sets by the control API.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { percentEncode } from "../../protocol/encoding.js"
import { arnOf as alibabaArn } from "../alibaba/Account.js"
import { arnOf as awsArn } from "../aws/Account.js"
import type { IssuedSession } from "../Cloud.js"
import type { EmulatorService } from "../Emulator.js"
import { trustOf } from "../Policy.js"
import type { RecordedRequest } from "../RecordedRequest.js"
import { bodyText, type WireReply, type WireRequest } from "../Service.js"
import { html, style } from "./page.js"
import { type KnownKey, type SignatureView, signatureOf } from "./Signature.js"
import { script } from "./script.js"
import { traceOf } from "./Trace.js"

const root = "/_emulator/"

const pages: Readonly<Record<string, readonly [type: string, body: string]>> = {
  "": ["text/html", html],
  "window.css": ["text/css", style],
  "window.js": ["text/javascript", script]
}

const nameOf = ({ path }: WireRequest): string => path.slice(root.length)

/** Whether a request is for the page, or from it. */
export const isFor = (request: WireRequest): boolean =>
  request.method === "GET" && (nameOf(request) in pages || nameOf(request).startsWith("window/"))

const guarded = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff"
}

const reply = (status: number, type: string, body: string): WireReply => ({
  status,
  headers: { ...guarded, "content-type": `${type}; charset=utf-8` },
  body
})

const json = (content: unknown): WireReply => reply(200, "application/json", JSON.stringify(content))

const shown = 200

interface Keyed {
  readonly accessKeyId: string
  readonly active: boolean
}

interface AnyAccount<Key extends Keyed> {
  readonly id: string
  readonly accessKeys: ReadonlyArray<Key>
  readonly users: ReadonlyArray<{
    readonly name: string
    readonly accessKeys: ReadonlyArray<Key>
    readonly policies: unknown
  }>
  readonly roles: ReadonlyArray<{
    readonly name: string
    readonly trustPolicy: unknown
    readonly policies: unknown
    readonly maxSessionDuration: number
  }>
}

const idsOf = (keys: ReadonlyArray<Keyed>) => keys.map(({ accessKeyId, active }) => ({ accessKeyId, active }))

const accountsOf = <Account extends AnyAccount<Keyed>>(
  cloud: string,
  accounts: ReadonlyArray<Account>,
  arnOf: (account: Account, kind: "role", name: string) => string
) =>
  accounts.map((account) => ({
    cloud,
    id: account.id,
    keys: idsOf(account.accessKeys),
    users: account.users.map(({ accessKeys, name, policies }) => ({
      name,
      keys: idsOf(accessKeys),
      policies
    })),
    roles: account.roles.map(({ maxSessionDuration, name, policies, trustPolicy }) => ({
      name,
      trust: trustOf(arnOf(account, "role", name)),
      trustPolicy,
      policies,
      maxSessionDuration
    }))
  }))

/** A request as the list and the roles that it is about show it. */
const summaryOf = (request: RecordedRequest) => {
  const { decisions = [], number } = traceOf(request) ?? {}
  return {
    number,
    ...request.fields,
    decided: decisions.map(({ action, effect, policies }) => ({ action, effect, policies }))
  }
}

const keysOf = <Key extends Keyed>(
  accounts: ReadonlyArray<AnyAccount<Key>>,
  secretOf: (key: Key) => Redacted.Redacted,
  sessions: ReadonlyArray<IssuedSession>
): ReadonlyArray<KnownKey> => [
  ...accounts
    .flatMap(({ accessKeys, users }) => [...accessKeys, ...users.flatMap((user) => user.accessKeys)])
    .map((key) => ({ accessKeyId: key.accessKeyId, secret: secretOf(key) })),
  ...sessions
]

const sessionsOf = (cloud: string, sessions: ReadonlyArray<IssuedSession>) =>
  sessions.map(({ accessKeyId, arn, expiration }) => ({ cloud, accessKeyId, arn, expiration }))

/** Everything but the details of requests, none of it secret. */
const state = (emulator: EmulatorService) =>
  Effect.gen(function* () {
    const now = yield* emulator.now
    const requests = yield* emulator.requests
    return {
      now,
      offset: now - (yield* Clock.currentTimeMillis),
      recorded: requests.length,
      requests: requests.slice(-shown).map(summaryOf),
      faults: yield* emulator.faults,
      accounts: [
        ...accountsOf("alibaba", yield* emulator.alibaba.accounts, alibabaArn),
        ...accountsOf("aws", yield* emulator.aws.accounts, awsArn)
      ],
      sessions: [
        ...sessionsOf("alibaba", yield* emulator.alibaba.sessions),
        ...sessionsOf("aws", yield* emulator.aws.sessions)
      ]
    }
  })

const mask = "••••••••"

/** Takes the secrets of a request out of a text, in whichever encoding they stand there. */
const masked = (text: string, secrets: ReadonlyArray<string>): string =>
  secrets
    .flatMap((secret) => {
      const once = percentEncode(secret)
      return [percentEncode(once), once, encodeURIComponent(secret), secret]
    })
    .reduce((left, secret) => left.replaceAll(secret, mask), text)

const secretsOf = ({ headers, parameters }: RecordedRequest): ReadonlyArray<string> =>
  [...Object.values(headers), ...Object.values(parameters)]
    .flatMap((value) => (Redacted.isRedacted(value) ? [Redacted.value(value)] : []))
    .filter((secret) => secret.length > 0)

/** The start of a signature is enough to tell it from another. */
const shortened = (signature: string | undefined): string | undefined =>
  signature === undefined ? undefined : `${signature.slice(0, 8)}…`

const maskedSignature = (view: SignatureView, secrets: ReadonlyArray<string>): SignatureView => {
  const { canonicalRequest, difference, signed, stringToSign } = view
  const [canonical, other] = [masked(canonicalRequest, secrets), masked(signed ?? "", secrets)]
  return {
    ...view,
    canonicalRequest: canonical,
    stringToSign: masked(stringToSign, secrets),
    sent: shortened(view.sent) ?? "",
    expected: shortened(view.expected),
    signed: signed === undefined ? undefined : other,
    difference:
      difference === undefined ? undefined : masked(canonicalRequest.slice(0, difference), secrets).length
  }
}

const textsOf = (values: RecordedRequest["headers"], isOpen: boolean) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      Redacted.isRedacted(value) ? (isOpen ? Redacted.value(value) : mask) : value
    ])
  )

/** One request, with its signature. */
const details = (emulator: EmulatorService, number: number, isOpen: boolean) =>
  Effect.gen(function* () {
    const request = (yield* emulator.requests).find((one) => traceOf(one)?.number === number)
    const trace = request && traceOf(request)
    if (request === undefined || trace === undefined) return undefined
    const { decisions = [], message, request: sent } = trace
    const { cloud } = request.fields
    const keys =
      cloud === "aws"
        ? keysOf(yield* emulator.aws.accounts, (key) => key.secretAccessKey, yield* emulator.aws.sessions)
        : keysOf(
            yield* emulator.alibaba.accounts,
            (key) => key.accessKeySecret,
            yield* emulator.alibaba.sessions
          )
    const secrets = secretsOf(request)
    const signature = signatureOf(cloud, sent, keys)
    const body = bodyText(sent)
    return {
      number,
      ...request.fields,
      query: isOpen ? sent.query : masked(sent.query, secrets),
      headers: textsOf(request.headers, isOpen),
      parameters: textsOf(request.parameters, isOpen),
      body: isOpen ? body : masked(body, secrets),
      message: message === undefined || isOpen ? message : masked(message, secrets),
      decisions,
      signature: signature === undefined || isOpen ? signature : maskedSignature(signature, secrets)
    }
  })

const notFound = reply(404, "application/json", '{"error":"no such page"}')

/** Answers a request for the page, or from it. */
export const handle = (emulator: EmulatorService, request: WireRequest): Effect.Effect<WireReply> => {
  const name = nameOf(request)
  const page = pages[name]
  if (page !== undefined) return Effect.succeed(reply(200, ...page))
  if (name === "window/state") return Effect.map(state(emulator), json)
  if (name !== "window/request") return Effect.succeed(notFound)
  const query = new URLSearchParams(request.query)
  return Effect.map(
    details(emulator, Number(query.get("number")), query.get("secrets") === "shown"),
    (found) => (found === undefined ? notFound : json(found))
  )
}
