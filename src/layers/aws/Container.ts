/**
 * Credentials from the endpoint that Amazon ECS, Amazon EKS Pod Identity and others give a container.
 *
 * Source: "Container credential provider", AWS SDKs and Tools Reference Guide; timeout and attempts are the AWS CLI's.
 *
 * @since 0.1.0
 */

import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { identity } from "effect/Function"
import * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { quoteOf, type Setting, type SettingPlace, withoutQuotes } from "../../protocol/settings.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { type CredentialErrorReason, StsConfigError, StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import type { Source } from "../../services/SourceRequest.js"
import { exact, settings, trimmed } from "../../services/setting.js"
import * as Destination from "../metadata/Destination.js"
import { HostResolver, isContainerHost } from "../metadata/Destination.js"
import { readText } from "../PrivateFile.js"
import { trying } from "../roleSource.js"
import { credentialsIn, refreshing } from "./credentials.js"

const fileVariable = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
const tokenVariable = "AWS_CONTAINER_AUTHORIZATION_TOKEN"

const sendable = /^[\x20-\x7e]+$/

const checked = (
  source: Source,
  place: SettingPlace,
  text: string
): Effect.Effect<Redacted.Redacted, SourceError> => {
  // Whatever keeps the file fresh may be about to replace it.
  const isFile = place.file !== undefined
  const fail = (reason: CredentialErrorReason, detail: string, hint?: string) =>
    new StsCredentialError({ ...source, ...place, reason, detail, hint, transient: isFile || undefined })
  if (text === "") return fail("Incomplete", "the authorization token is empty")
  if (quoteOf(text.trim()) !== undefined) {
    return fail("Malformed", "the authorization token begins or ends with a quotation mark", withoutQuotes)
  }
  if (/[\r\n]/.test(text)) {
    return fail("Malformed", "the authorization token contains a line break, which no header may have")
  }
  return sendable.test(text)
    ? Effect.succeed(Redacted.make(text))
    : fail("Malformed", "the authorization token contains a character that a header cannot have")
}

const inFile = (
  source: Source,
  fs: FileSystem.FileSystem,
  key: string,
  file: string
): Effect.Effect<Redacted.Redacted, SourceError> =>
  Effect.matchEffect(readText(fs, file), {
    onSuccess: (text) => checked(source, { key, file }, text),
    onFailure: (fault) => {
      const detail = `the file with the authorization token could not be read (${fault.reason})`
      return new StsCredentialError({ ...source, key, file, reason: "Unreadable", detail, transient: true })
    }
  })

/**
 * Reads the token; none where none is set. A carriage return or line feed in it is refused: a header could be
 * forged with it.
 */
const tokenOf = (
  source: Source,
  fs: FileSystem.FileSystem,
  { authorizationToken: token, authorizationTokenFile }: Options
): Effect.Effect<Redacted.Redacted | undefined, SourceError> => {
  if (authorizationTokenFile !== undefined) {
    return inFile(source, fs, "authorizationTokenFile", authorizationTokenFile)
  }
  if (token !== undefined) {
    return checked(
      source,
      { key: "authorizationToken" },
      Redacted.isRedacted(token) ? Redacted.value(token) : token
    )
  }
  return Effect.flatMap(settings([fileVariable]), ({ [fileVariable]: file }) =>
    file !== undefined
      ? inFile(source, fs, fileVariable, file)
      : // Not trimmed: a line break at its end is a mistake that must show.
        Effect.flatMap(exact(tokenVariable), (text = "") =>
          text.trim() === "" && !/[\r\n]/.test(text)
            ? Effect.succeed(undefined)
            : checked(source, { key: tokenVariable }, text)
        )
  )
}

/**
 * What can be set. Missing options come from the environment.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** A file that holds the token. `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE`; wins over the token itself. */
  readonly authorizationTokenFile?: string | undefined
  /** The whole value of the `Authorization` header. `AWS_CONTAINER_AUTHORIZATION_TOKEN`. */
  readonly authorizationToken?: string | Redacted.Redacted | undefined
  /** The path of Amazon ECS's endpoint. `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`; wins over the full URI. */
  readonly relativeUri?: string | undefined
  /** The URL of any endpoint. `AWS_CONTAINER_CREDENTIALS_FULL_URI`. */
  readonly fullUri?: string | undefined
  /** For each attempt. Default: 2 seconds. */
  readonly timeout?: Duration.Input | undefined
  /** Attempts in all, a second apart. Default: 3. */
  readonly attempts?: number | undefined
  /**
   * Whether plain HTTP may go to any host. Default: `EFFECT_STS_ALLOW_HTTP`, else false: only to this machine and
   * Amazon's addresses for containers.
   */
  readonly allowHttp?: boolean | undefined
}

const name = "container"
const ecs = "http://169.254.170.2"

const variables = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"] as const
const [relativeVariable, fullVariable] = variables

const allowed: Destination.Allowed = {
  rule: isContainerHost,
  words: "this machine (loopback) or Amazon's for containers: 169.254.170.2, 169.254.170.23, [fd00:ec2::23]"
}

const relativeUrl = (key: string, path: string): Result.Result<Setting, StsConfigError> =>
  path.startsWith("/")
    ? Result.succeed({ key, value: `${ecs}${path}` })
    : Result.fail(new StsConfigError({ key, detail: "must begin with a slash" }))

/** The URL that is set, the first of: relative and full in the options, relative and full in the environment. */
const stated = ({ fullUri, relativeUri }: Options): Effect.Effect<Setting | undefined, StsConfigError> => {
  if (relativeUri !== undefined) return Effect.fromResult(relativeUrl("relativeUri", relativeUri))
  if (fullUri !== undefined) return Effect.succeed({ key: "fullUri", value: fullUri })
  return Effect.flatMap(settings(variables), (environment): ReturnType<typeof stated> => {
    const relative = environment[relativeVariable]
    if (relative !== undefined) return Effect.fromResult(relativeUrl(relativeVariable, relative))
    const value = environment[fullVariable]
    return Effect.succeed(value === undefined ? undefined : { key: fullVariable, value })
  })
}

/**
 * Asks the endpoint that the environment names. Over plain HTTP only this machine and the addresses of Amazon ECS and
 * Amazon EKS are asked, unless all hosts are allowed, past every proxy: a host's name is resolved once, all its
 * addresses must be among them, and the connection goes to one of those. HTTPS may lead anywhere. Redirects are not
 * followed.
 *
 * The authorization token is read each time, from `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` or else from
 * `AWS_CONTAINER_AUTHORIZATION_TOKEN`; where it is refused and another one is there by then, that one is tried once.
 * Where no URL is set the source is `NotConfigured`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  given: Options = {}
): Effect.Effect<CredentialSource<Credentials>, never, HttpClient.HttpClient | FileSystem.FileSystem> =>
  Effect.gen(function* () {
    // A line break at the token's end is a mistake that must show.
    const options = { ...trimmed(given), authorizationToken: given.authorizationToken || undefined }
    const fs = yield* FileSystem.FileSystem
    const source: Source = { cloud: "aws", source: name }
    const asker: Destination.Asker = {
      client: yield* HttpClient.HttpClient,
      resolve: yield* HostResolver,
      source,
      operation: "container credentials",
      service: "the container's credential endpoint",
      allowed: { ...allowed, http: options.allowHttp },
      timeout: Duration.toMillis(options.timeout ?? 2_000),
      attempts: options.attempts ?? 3
    }
    const get: Effect.Effect<Credentials, SourceError> = Effect.gen(function* () {
      const uri = yield* stated(options)
      if (uri === undefined) {
        const detail = `${relativeVariable} and ${fullVariable} are not set`
        return yield* new StsCredentialError({ ...source, reason: "NotConfigured", detail })
      }
      return yield* trying(tokenOf(source, fs, options), identity, (token) =>
        Effect.flatMap(Destination.get(asker, uri, token), ({ asked, reply }) =>
          Effect.fromResult(credentialsIn(asked, reply))
        )
      )
    })
    return { name, get }
  })

/**
 * The same as {@link layer}, with options.
 *
 * @example
 * ```ts
 * import { Aws } from "effect-sts"
 *
 * const provider = Aws.Container.layerWith({ timeout: "5 seconds" })
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (
  options: Options
): Layer.Layer<CredentialProvider, never, HttpClient.HttpClient | FileSystem.FileSystem> =>
  refreshing(make(options))

/**
 * The container's endpoint alone, its credentials kept and renewed in time.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<CredentialProvider, never, HttpClient.HttpClient | FileSystem.FileSystem> =
  /* @__PURE__ */ layerWith({})
