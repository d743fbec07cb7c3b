/**
 * What the sources that assume a role have in common, whatever the cloud: a session that has a name, over a base that
 * has credentials or for the token of an identity provider, from a file that something else keeps fresh or from any
 * effect.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { identity } from "effect/Function"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import { quoteOf, quotesHint, withoutQuotes } from "../protocol/settings.js"
import type { Variable } from "../protocol/settingTable.js"
import {
  type Cloud,
  type CredentialErrorReason,
  type FailedCall,
  StsCredentialError
} from "../schemas/StsError.js"
import type { CredentialSource, SourceError } from "../services/CredentialSource.js"
import { sessionName } from "../services/Signing.js"
import { ConfiguredAt, fromCall, reasonWithout, type Source, type Where } from "../services/SourceRequest.js"
import { filled, settings, trimmed } from "../services/setting.js"
import { readText } from "./PrivateFile.js"
import { provideCaptured } from "./platform.js"

/**
 * A name that stays the same for as long as the source that holds this lives, so that an audit log shows the sessions
 * of one program together, made when it is first needed.
 */
export const lastingSessionName = (): Effect.Effect<string> => {
  let made: string | undefined
  return Effect.suspend(() =>
    made === undefined
      ? Effect.map(sessionName, (name) => {
          made ??= name
          return made
        })
      : Effect.succeed(made)
  )
}

/** A role, and how it is assumed. */
interface Role<Credentials, R> {
  readonly source: Source
  readonly base: CredentialSource<Credentials>
  /** Calls the service with the base's credentials. */
  readonly assume: (
    base: CredentialSource<Credentials>,
    first: Credentials
  ) => Effect.Effect<Credentials, FailedCall | SourceError, R>
}

/** Says that a base has nothing in a way that lets no chain go on: a role over it is configured. */
const withoutBase =
  (source: Source, base: string) =>
  (error: SourceError): SourceError =>
    error instanceof StsCredentialError && error.reason === "NotConfigured"
      ? new StsCredentialError({
          ...source,
          reason: reasonWithout(error),
          detail: `its base ${base} has no credentials`,
          key: error.key,
          hint: error.hint,
          cause: error.cause,
          attempts: error.attempts ?? [{ source: error.source, reason: error.reason, detail: error.detail }]
        })
      : error

/** A base as one call sees it: asked once for all attempts, and again only when its credentials were refused. */
const forOneCall = <Credentials>(
  base: CredentialSource<Credentials>,
  get: Effect.Effect<Credentials, SourceError>
): CredentialSource<Credentials> => {
  let given: { readonly credentials: Credentials } | undefined
  const ask = Effect.tap(get, (credentials) =>
    Effect.sync(() => {
      given = { credentials }
    })
  )
  const forget = (accessKeyId: string) =>
    Effect.suspend(() => {
      given = undefined
      return base.invalidate?.(accessKeyId) ?? Effect.void
    })
  return {
    name: base.name,
    get: Effect.suspend(() => (given === undefined ? ask : Effect.succeed(given.credentials))),
    invalidate: base.invalidate === undefined ? undefined : forget
  }
}

/**
 * A source that assumes a role each time it is asked. The base is asked before the call begins, so that no time limit
 * of the call runs while it waits, for example, for a person to type a code.
 */
export const make = <Credentials, R>({
  assume,
  base,
  source
}: Role<Credentials, R>): Effect.Effect<CredentialSource<Credentials>, never, R> =>
  Effect.map(provideCaptured<R>(), (withServices) => {
    const fromBase = Effect.mapError(base.get, withoutBase(source, base.name))
    return {
      name: source.source,
      get: Effect.suspend(() => {
        const held = forOneCall(base, fromBase)
        return withServices(Effect.flatMap(held.get, (first) => assume(held, first)))
      }).pipe(Effect.mapError(fromCall(source))),
      invalidate: (accessKeyId) => base.invalidate?.(accessKeyId) ?? Effect.void
    }
  })

/** Where a token comes from; asked anew each time credentials are. */
export type Token<R = never> =
  | Effect.Effect<Redacted.Redacted, SourceError, R>
  | {
      /** The path of the file that holds the token and nothing else. */
      readonly file: string
    }

/**
 * Which source needs the token, and what its errors name instead of where the source was configured: a variable or a
 * key.
 */
export interface Needed extends Source {
  readonly key?: string | undefined
}

// As both clouds' operations accept it; reported before anything is sent, and with the file.
const isToken = (text: string): boolean => text.length >= 4 && text.length <= 20_000

const fromFile = (
  needed: Needed,
  stated: string
): Effect.Effect<Redacted.Redacted, StsCredentialError, FileSystem.FileSystem> => {
  const path = filled(stated)
  if (path === undefined) {
    const detail = "no token file is named"
    return Effect.fail(new StsCredentialError({ key: "token.file", ...needed, reason: "Incomplete", detail }))
  }
  // Whatever keeps the file fresh may be about to replace it.
  const fail = (reason: CredentialErrorReason, detail: string, hint?: string) =>
    Effect.fail(new StsCredentialError({ ...needed, reason, detail, hint, transient: true }))
  return Effect.matchEffect(
    Effect.flatMap(FileSystem.FileSystem, (fs) => readText(fs, path)),
    {
      onFailure: ({ reason }) =>
        fail(
          "Unreadable",
          `the token file ${path} could not be read (${reason})`,
          quotesHint(path) ??
            "Check that the path is right, that the token is mounted there, and that this process may read it."
        ),
      onSuccess: (text) => {
        const token = text.replace(/^\uFEFF/, "").trim()
        if (token === "") return fail("Malformed", `the token file ${path} is empty`)
        if (quoteOf(token) !== undefined) {
          return fail(
            "Malformed",
            `the token file ${path} begins or ends with a quotation mark`,
            withoutQuotes
          )
        }
        if (/\s/.test(token)) {
          return fail(
            "Malformed",
            `the token file ${path} contains more than one word or line, which no token does`
          )
        }
        return isToken(token)
          ? Effect.succeed(Redacted.make(token))
          : fail("Malformed", `the token file ${path} is too short or too long for a token`)
      }
    }
  )
}

const same = (a: Redacted.Redacted | undefined, b: Redacted.Redacted | undefined): boolean =>
  (a && Redacted.value(a)) === (b && Redacted.value(b))

const isRefused = (error: SourceError): boolean =>
  error instanceof StsCredentialError && (error.reason === "Refused" || error.reason === "Expired")

/**
 * Uses what was read from a file that something else keeps fresh. Where it is refused it is read again, and tried once
 * more if its token has changed: it may have been replaced just then.
 */
export const trying = <Found, R1, A, R2>(
  read: Effect.Effect<Found, SourceError, R1>,
  tokenOf: (found: Found) => Redacted.Redacted | undefined,
  use: (found: Found) => Effect.Effect<A, SourceError, R2>
): Effect.Effect<A, SourceError, R1 | R2> =>
  Effect.flatMap(read, (first) =>
    Effect.catchIf(use(first), isRefused, (refusal) =>
      Effect.matchEffect(read, {
        onFailure: () => Effect.fail(refusal),
        onSuccess: (second) => (same(tokenOf(first), tokenOf(second)) ? Effect.fail(refusal) : use(second))
      })
    )
  )

/**
 * Exchanges a token for something else. Only one of a file is tried again: an effect gives another each time.
 */
export const exchanging = <R1, A, R2>(
  needed: Needed,
  token: Token<R1>,
  use: (token: Redacted.Redacted) => Effect.Effect<A, SourceError, R2>
): Effect.Effect<A, SourceError, R1 | R2 | FileSystem.FileSystem> => {
  const read = current(needed, token)
  return Effect.isEffect(token) ? Effect.flatMap(read, use) : trying(read, identity, use)
}

/** The token as it is now. That there is none is no reason to go on to another identity. */
export const current = <R>(
  needed: Needed,
  token: Token<R>
): Effect.Effect<Redacted.Redacted, SourceError, R | FileSystem.FileSystem> =>
  Effect.isEffect(token)
    ? Effect.mapError(token, (error) =>
        error instanceof StsCredentialError && error.reason === "NotConfigured"
          ? new StsCredentialError({
              ...needed,
              reason: "Incomplete",
              detail: `it has no token: ${error.detail}`,
              hint: error.hint
            })
          : error
      )
    : fromFile(needed, token.file)

/** What an exchange needs. */
export type Services = HttpClient.HttpClient | FileSystem.FileSystem

/** What a program says of the role; the operation checks it. */
interface TokenRole {
  readonly roleArn: string
  readonly roleSessionName?: string | undefined
}

/** The same, with a name for the session. */
type Named<Options extends TokenRole> = Options & { readonly roleSessionName: string }

/** A cloud, as it exchanges tokens for the credentials of roles. */
export interface Exchange<Credentials, Options extends TokenRole> {
  readonly cloud: Cloud
  /** How errors call the sources. */
  readonly name: string
  /** What errors call the token, as a part of what was stated, and the variable that names its file. */
  readonly token: readonly [part: string, variable: Variable]
  readonly sessionVariable: Variable
  /** The variables of what is needed beside the token. */
  readonly needed: Readonly<Record<string, Variable>>
  /** Calls the operation; the credentials say which source they are from. */
  readonly call: (
    role: Named<Options>,
    token: Redacted.Redacted,
    source: string
  ) => Effect.Effect<Credentials, FailedCall | SourceError, HttpClient.HttpClient>
}

interface Stated<Options, R> {
  readonly role: Options
  readonly token: Token<R>
  readonly where: Where
}

const sourceOf = <Credentials, Options extends TokenRole, R>(
  { call, cloud, token: [part] }: Exchange<Credentials, Options>,
  name: string,
  stated: Effect.Effect<Stated<Options, R>, SourceError>
): Effect.Effect<CredentialSource<Credentials>, never, R | Services> =>
  Effect.map(provideCaptured<R | Services>(), (withServices) => {
    const lasting = lastingSessionName()
    const get = Effect.flatMap(stated, ({ role, token, where }) => {
      const source: Source = { cloud, source: name, ...where }
      const place = where.stated?.[part]
      const needed = place === undefined ? source : { ...source, file: undefined, line: undefined, ...place }
      const { roleSessionName: stated } = role
      return Effect.flatMap(stated === undefined ? lasting : Effect.succeed(stated), (roleSessionName) =>
        exchanging(needed, token, (secret) =>
          Effect.mapError(call({ ...role, roleSessionName }, secret, name), fromCall(source))
        )
      )
    })
    return { name, get: withServices(get) }
  })

/** A source that exchanges the token for the credentials of a stated role. */
export const forToken = <Credentials, Options extends TokenRole, R>(
  exchange: Exchange<Credentials, Options>,
  given: Options,
  token: Token<R>
): Effect.Effect<CredentialSource<Credentials>, never, R | Services> =>
  Effect.flatMap(ConfiguredAt, (where) => {
    const role = trimmed(given, ...(Object.keys(exchange.needed) as ReadonlyArray<keyof Options & string>))
    return sourceOf(
      exchange,
      `${exchange.name} for role ${role.roleArn}`,
      Effect.succeed({ role, token, where })
    )
  })

const are = (names: ReadonlyArray<string>): string =>
  `${names.join(" and ")} ${names.length === 1 ? "is" : "are"}`

/**
 * The same for what the environment says each time. Other sources and tools read the other variables too: the token's
 * file alone asks for this one.
 */
export const fromEnvironment = <Credentials, Options extends TokenRole>(
  exchange: Exchange<Credentials, Options>
): Effect.Effect<CredentialSource<Credentials>, never, Services> => {
  const { cloud, name, needed, sessionVariable } = exchange
  const [part, tokenFile] = exchange.token
  const fields = Object.entries({ ...needed, roleSessionName: sessionVariable })
  const variables = fields.map(([, variable]) => variable)
  const stated = Object.fromEntries([...fields, [part, tokenFile]].map(([field, key]) => [field, { key }]))
  const fail = (reason: CredentialErrorReason, detail: string, key?: string, hint?: string) =>
    Effect.fail(new StsCredentialError({ cloud, source: name, reason, detail, key, hint }))
  return sourceOf<Credentials, Options, never>(
    exchange,
    name,
    Effect.flatMap(settings([tokenFile, ...variables]), (found) => {
      const file = found[tokenFile]
      if (file === undefined) {
        const set = variables.filter((variable) => found[variable])
        const rest = set.length === 0 ? "" : `; ${are(set)}, which does not ask for it`
        return fail("NotConfigured", `${tokenFile} is not set${rest}`)
      }
      const missing = Object.values(needed).filter((variable) => !found[variable])
      if (missing.length > 0) {
        return fail(
          "Incomplete",
          `${tokenFile} is set, and ${are(missing)} not`,
          missing[0],
          "Set all of them, or none to use another source."
        )
      }
      const role = Object.fromEntries(fields.map(([field, variable]) => [field, found[variable]]))
      return Effect.succeed({ role: role as unknown as Options, token: { file }, where: { stated } })
    })
  )
}
