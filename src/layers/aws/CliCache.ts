/**
 * The files in which the AWS CLI keeps the credentials of roles, shared with it: what either has got serves both.
 *
 * As with the CLI, a file's name tells the role and not who assumed it: whoever uses the folder shares the sessions.
 *
 * @since 0.1.0
 */
import { join } from "node:path"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as CacheKey from "../../protocol/aws/cliCacheKey.js"
import { formatTimestamp } from "../../protocol/encoding.js"
import * as Json from "../../protocol/json.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { StsConfigError } from "../../schemas/StsError.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import { dueAt, type Entry, unfinished } from "../cache/entryFile.js"
import * as SharedFile from "../cache/SharedFile.js"
import { below, expand, here, located } from "../HomeDirectory.js"
import type * as AssumedRole from "./AssumedRole.js"
import { read } from "./credentials.js"

/**
 * What can be set.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The folder of the files. Default: `.aws/cli/cache` in the home directory, as for the CLI. */
  readonly directory?: string | undefined
}

interface Kind {
  readonly key: string | undefined
  /** Seconds that sessions last, as far as it is known. */
  readonly lifetime: number
  /** What marks the files of this kind. */
  readonly marks: Json.JsonObject
  readonly zone: "UTC" | "Z"
}

const place = {
  source: "AWS CLI cache",
  keys: { id: "AccessKeyId", secret: "SecretAccessKey", token: "SessionToken", expiration: "Expiration" }
} as const

const encode =
  ({ marks, zone }: Kind) =>
  (
    { accessKeyId, accountId, expiration, secretAccessKey, sessionToken }: Credentials,
    now: number
  ): string => {
    const ends = expiration === undefined ? now : DateTime.toEpochMillis(expiration)
    return JSON.stringify({
      ...marks,
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: Redacted.value(secretAccessKey),
        SessionToken: sessionToken === undefined ? undefined : Redacted.value(sessionToken),
        Expiration: formatTimestamp(Math.floor(ends / 1000) * 1000, "iso8601").replace(/Z$/, zone),
        AccountId: accountId
      }
    })
  }

const decode =
  ({ lifetime }: Kind) =>
  (content: string): Result.Result<Entry<Credentials>, string> => {
    return Result.gen(function* () {
      const kept = yield* Json.object(Json.parse(content) ?? {}, "Credentials")
      if (kept === undefined) return yield* Result.fail("it contains no credentials")
      const found = yield* Json.texts(kept, { ...place.keys, accountId: "AccountId" })
      const credentials = yield* Result.mapError(read(place, found), () => "it has no complete credentials")
      const { expiration } = credentials
      if (expiration === undefined) return yield* Result.fail("it does not say when they end")
      const expiresAt = DateTime.toEpochMillis(expiration)
      return { credentials, expiresAt, dueAt: dueAt(expiresAt, lifetime * 1000) }
    })
  }

const unknown = (key: string, detail: string) => new StsConfigError({ key, detail })

const folder = ({ directory }: Options) =>
  Effect.flatMap(located(here), (env) =>
    directory === undefined
      ? Effect.fromResult(
          Result.fromNullishOr(below(env, here, ".aws", "cli", "cache"), () => unknown("HOME", "is not set"))
        )
      : Effect.fromResult(Result.succeed(expand(directory, env, here)))
  )

const shared = (
  source: CredentialSource<Credentials>,
  kind: Kind,
  options: Options
): Effect.Effect<CredentialSource<Credentials>, never, FileSystem.FileSystem> =>
  SharedFile.make(source, {
    place: Effect.gen(function* () {
      const key = yield* Effect.fromResult(
        Result.fromNullishOr(kind.key, () => unknown("policy", "is not JSON"))
      )
      return {
        file: join(yield* folder(options), `${key}.json`),
        encode: encode(kind),
        decode: decode(kind)
      }
    }),
    leftovers: unfinished
  })

const hour = 3600

/**
 * Shares an assumed role's credentials with the AWS CLI. The session's name is part of the file's name only where the
 * role states one.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { Aws } from "effect-sts"
 *
 * const role = { roleArn: "arn:aws:iam::123456789012:role/auditor", externalId: "audit-2026" }
 *
 * const auditor = Aws.AssumedRole.make(Aws.Environment.source, role).pipe(
 *   Effect.flatMap((source) => Aws.CliCache.assumedRole(source, role))
 * )
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const assumedRole = (
  source: CredentialSource<Credentials>,
  role: AssumedRole.Options,
  options: Options = {}
): Effect.Effect<CredentialSource<Credentials>, never, FileSystem.FileSystem> =>
  shared(
    source,
    { key: CacheKey.ofAssumedRole(role), lifetime: role.durationSeconds ?? hour, marks: {}, zone: "UTC" },
    options
  )

/**
 * Shares the credentials of a role of IAM Identity Center with the AWS CLI. `aws sso logout` removes them.
 *
 * @category constructors
 * @since 0.1.0
 */
export const sso = (
  source: CredentialSource<Credentials>,
  role: CacheKey.SsoRole,
  options: Options = {}
): Effect.Effect<CredentialSource<Credentials>, never, FileSystem.FileSystem> =>
  shared(
    source,
    { key: CacheKey.ofSsoRole(role), lifetime: hour, marks: { ProviderType: "sso" }, zone: "Z" },
    options
  )
