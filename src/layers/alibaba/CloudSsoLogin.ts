/**
 * Signing in to CloudSSO, as the vendor's command line tool does: the token is kept in a profile of its config file, where
 * that tool and this package's sources look for it.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import type * as Result from "effect/Result"
import * as Protocol from "../../protocol/alibaba/login.js"
import type * as Json from "../../protocol/json.js"
import { challengeOf } from "../../protocol/oauth.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { Reply } from "../../services/Client.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { httpAllowed } from "../../services/Endpoint.js"
import { RequestPolicy } from "../../services/RequestPolicy.js"
import { blankIn, trimmed } from "../../services/setting.js"
import { foreignReply } from "../credentials.js"
import { provideCaptured } from "../platform.js"
import * as SignIn from "../signIn.js"
import * as ConfigFile from "./cliConfigFile.js"
import { type Asked, ask, bearer, codeIn, objectIn, originOf, post, refused } from "./login.js"

/**
 * Where to sign in, what for, and where to keep it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The portal's URL, as the browser shows it; `cloud_sso_sign_in_url`. */
  readonly signInUrl: string
  /** The account to get credentials for. May be left out where the person has only one account. */
  readonly accountId?: string | undefined
  /** The access configuration to get credentials for, by its id. May be left out where the account has only one. */
  readonly accessConfiguration?: string | undefined
  /** Instead of `~/.aliyun/config.json`. `ALIBABA_CLOUD_CONFIG_FILE`. */
  readonly configFile?: string | undefined
  /** The profile to keep it in, which is created if it does not exist. `ALIBABA_CLOUD_PROFILE`, or else `default`. */
  readonly profile?: string | undefined
}

/**
 * What the person has signed in to, and where it is kept.
 *
 * @category models
 * @since 0.1.0
 */
export interface SignedIn {
  /** The file that keeps it. */
  readonly file: string
  /** The profile that it is in. */
  readonly profile: string
  /** The account. */
  readonly accountId: string
  /** The access configuration, by its id. */
  readonly accessConfiguration: string
  /** When the person has to sign in again. */
  readonly expiration: DateTime.Utc
}

type Services = HttpClient.HttpClient | FileSystem.FileSystem

const headers = { accept: "application/json", "content-type": "application/json" }

const orFail = <A>(asked: Asked, result: Result.Result<A, Json.Misfit>): Effect.Effect<A, SourceError> =>
  Effect.mapError(Effect.fromResult(result), ({ detail, reason }) => foreignReply(asked, detail, reason))

/** The time that a person has; the service does not say how long it waits. */
const millis = SignIn.patience

const token = (asked: Asked, origin: string, device: Protocol.Device, verifier: Redacted.Redacted) => {
  const about = { ...asked, operation: "token", secrets: [Redacted.value(device.deviceCode)] }
  const errorOf = (reply: Reply, code: string | undefined): SourceError => {
    if (code === "expired_token") return SignIn.late(asked.source, millis)
    return /denied/i.test(code ?? "")
      ? SignIn.denied(asked.source, { code: "access_denied", description: "" })
      : refused(about, reply)
  }
  const question = ask(about, {
    url: `${origin}/token`,
    headers,
    body: Protocol.deviceTokenRequest(device, verifier),
    attempts: 1
  })
  const asking = Effect.flatMap(
    question,
    (reply): Effect.Effect<SignIn.Asked<Json.JsonObject>, SourceError> => {
      if (reply.status === 200) {
        return Effect.map(objectIn(about, reply), (value) => ({ _tag: "Done", value }))
      }
      const code = Protocol.pollCodeOf(codeIn(reply))
      return Effect.succeed({ _tag: "Not", code, error: errorOf(reply, code) })
    }
  )
  return Effect.gen(function* () {
    const reply = yield* SignIn.poll(
      { interval: device.interval, millis, source: asked.source },
      asking,
      SignIn.show({ url: device.url, code: device.userCode })
    )
    return yield* orFail(about, Protocol.tokenIn(reply, yield* Clock.currentTimeMillis))
  })
}

const pages = 100

/** Everything of a kind that the person can have. */
const listed = (
  asked: Asked,
  origin: string,
  accessToken: Redacted.Redacted,
  kind: keyof typeof Protocol.lists,
  accountId?: string
) =>
  Effect.gen(function* () {
    const about = { ...asked, operation: Protocol.lists[kind].path, secrets: [Redacted.value(accessToken)] }
    const all: Array<Protocol.Choice> = []
    let next: string | undefined
    for (let page = 0; page < pages; page++) {
      const reply = yield* post(about, {
        method: "GET",
        url: Protocol.listUrl(origin, Protocol.lists[kind], accountId, next),
        headers: { ...headers, authorization: bearer(accessToken) },
        attempts: 3
      })
      const choices = Protocol.choicesIn(reply, Protocol.lists[kind])
      all.push(...choices.found)
      next = choices.next
      if (next === undefined) break
    }
    return all
  })

const shown = 20

/** The one thing that was asked for, or that there is. */
const chosen = (
  asked: Asked,
  what: string,
  key: string,
  choices: ReadonlyArray<Protocol.Choice>,
  wanted: string | undefined
): Effect.Effect<string, StsCredentialError> => {
  const found = choices.find(({ id, name }) => id === wanted || name === wanted)
  const [only, ...others] = choices
  if (found !== undefined) return Effect.succeed(found.id)
  if (wanted === undefined && only !== undefined && others.length === 0) return Effect.succeed(only.id)
  const list = choices.slice(0, shown).map(({ id, name }) => (id === name ? id : `${id} (${name})`))
  const few = choices.length > shown ? `${list.join(", ")}, ...` : list.join(", ")
  const problem =
    only === undefined
      ? `has no ${what}`
      : wanted === undefined
        ? `has ${choices.length} ${what}s, and none was named`
        : `does not have the ${what} that was named`
  return Effect.fail(
    new StsCredentialError({
      ...asked.source,
      reason: "Incomplete",
      key,
      detail: `the user who signed in ${problem}`,
      hint: only === undefined ? "Ask an administrator to assign one." : `Name one of ${few}.`
    })
  )
}

/**
 * Reads from the config file where to sign in again, and what for. Undefined where the profile is not one of
 * CloudSSO's.
 *
 * @category constructors
 * @since 4.0.0
 */
export const fromProfile = (
  at: Pick<Options, "configFile" | "profile"> = {}
): Effect.Effect<Options | undefined, SourceError, FileSystem.FileSystem> =>
  Effect.map(
    ConfigFile.settingsOf("CloudSSO", at, [
      "cloud_sso_sign_in_url",
      "cloud_sso_account_id",
      "cloud_sso_access_config"
    ]),
    (found) =>
      found?.cloud_sso_sign_in_url === undefined
        ? undefined
        : {
            ...at,
            signInUrl: found.cloud_sso_sign_in_url,
            accountId: found.cloud_sso_account_id,
            accessConfiguration: found.cloud_sso_access_config
          }
  )

/**
 * Signs in with a code that the person confirms in any browser, on this machine or another, within 10 minutes. Only one
 * process at a time does so. CloudSSO's tokens cannot be renewed: when one ends, the person has to sign in again.
 *
 * @category constructors
 * @since 0.1.0
 */
export const loginWithDeviceCode = (given: Options): Effect.Effect<SignedIn, SourceError, Services> =>
  Effect.gen(function* () {
    const options = trimmed(given, "signInUrl")
    const blank = blankIn(options, "signInUrl")
    if (blank !== undefined) return yield* blank
    const withServices = yield* provideCaptured<Services>()
    const place = yield* ConfigFile.placeOf("CloudSSO", options)
    const { file, profile, source } = place
    const { allowHttp } = yield* RequestPolicy
    const origin = yield* Effect.fromResult(originOf(options.signInUrl, {}, yield* httpAllowed(allowHttp)))
    const asked: Asked = {
      source,
      service: "CloudSSO",
      operation: "device-authorization",
      again: "Sign in again."
    }
    const run = Effect.gen(function* () {
      const verifier = yield* SignIn.secret
      const started = yield* post(asked, {
        url: `${origin}/device-authorization`,
        headers,
        body: Protocol.deviceRequest(options.signInUrl, challengeOf(verifier)),
        attempts: 3
      })
      const device = yield* orFail(asked, Protocol.deviceIn(started))
      const { accessToken, expire } = yield* token(asked, origin, device, verifier)
      const accounts = yield* listed(asked, origin, accessToken, "accounts")
      const accountId = yield* chosen(asked, "account", "accountId", accounts, options.accountId)
      const accessConfiguration = yield* chosen(
        asked,
        "access configuration",
        "accessConfiguration",
        yield* listed(asked, origin, accessToken, "accessConfigurations", accountId),
        options.accessConfiguration
      )
      yield* ConfigFile.keep(place, "CloudSSO", {
        cloud_sso_sign_in_url: options.signInUrl,
        cloud_sso_account_id: accountId,
        cloud_sso_access_config: accessConfiguration,
        access_token: Redacted.value(accessToken),
        cloud_sso_access_token_expire: expire
      })
      return {
        file,
        profile,
        accountId,
        accessConfiguration,
        expiration: DateTime.makeUnsafe(expire * 1_000)
      }
    })
    return yield* SignIn.oneAtATime<SignedIn>(source, `${file}.sign-in`, () => undefined, withServices(run))
  })

/**
 * Signs out: removes the token, and the credentials that it gave, from the profile, and tells whether there was one.
 * The service cannot be told; anyone who has a copy of the token can use it until it ends.
 *
 * @category constructors
 * @since 0.1.0
 */
export const logout = (
  options: Pick<Options, "configFile" | "profile"> = {}
): Effect.Effect<boolean, SourceError, FileSystem.FileSystem> => ConfigFile.forget("CloudSSO", options)
