/**
 * Signing in with the console's credentials, as `aws login` does: the session is kept where AWS's tools and this package's
 * sources look for it.
 *
 * @since 0.1.0
 */
import { generateKeyPairSync } from "node:crypto"
import { dirname } from "node:path"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Protocol from "../../protocol/aws/consoleLogin.js"
import { withProfile } from "../../protocol/aws/profileEdit.js"
import type { Setting } from "../../protocol/settings.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import { identityEndpoint, region as regionOf } from "../../services/aws/Endpoint.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { RequestPolicy } from "../../services/RequestPolicy.js"
import type { LoopbackListener } from "../../services/SignIn.js"
import { trimmed } from "../../services/setting.js"
import { provideCaptured } from "../platform.js"
import * as SignIn from "../signIn.js"
import { type Caller, failure } from "./identityCall.js"
import { createToken, fileNamed, fileOf, permit, source } from "./loginSession.js"
import * as SharedConfigFiles from "./SharedConfigFiles.js"

/**
 * Where to sign in, and which profile is to use it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The profile that names the session from then on, in the shared config file. Default: none. */
  readonly profile?: string | undefined
  /** Where to sign in. `AWS_REGION`, `AWS_DEFAULT_REGION`, or else the profile's `region`. */
  readonly region?: string | undefined
  /** The sign-in service's URL, instead of the region's own. `AWS_ENDPOINT_URL_SIGNIN`. */
  readonly endpoint?: string | undefined
  /** Whether to use endpoints with FIPS 140 cryptography. Default: false. `AWS_USE_FIPS_ENDPOINT`. */
  readonly useFips?: boolean | undefined
  /** Whether to use endpoints with IPv6. Default: false. `AWS_USE_DUALSTACK_ENDPOINT`. */
  readonly useDualStack?: boolean | undefined
  /** The port that the browser is sent back to, to forward one. Default: any free port. */
  readonly port?: number | undefined
}

/**
 * A session that the person has signed in to.
 *
 * @category models
 * @since 0.1.0
 */
export interface SignedIn {
  /** The ARN of the user who signed in; what a profile names as its `login_session`, and `Aws.Login` takes. */
  readonly loginSession: string
  /** The file that keeps it. */
  readonly file: string
  /** When its credentials end. They are renewed before that. */
  readonly expiration: DateTime.Utc
}

type Services = HttpClient.HttpClient | FileSystem.FileSystem

// They would count instead of the session.
const stronger = [
  "web_identity_token_file",
  "sso_role_name",
  "sso_account_id",
  "aws_access_key_id",
  "role_arn",
  "credential_process"
]

interface Config {
  readonly file: string
  readonly profile: string
  readonly region: Setting | undefined
}

const settingsOf = (profile: string) =>
  Effect.gen(function* () {
    const load = yield* SharedConfigFiles.make
    const { sections } = yield* load({ profile })
    return sections.profiles.get(profile)?.settings
  })

/** Where the profile is to be written, if nothing there would count instead of the session. */
const configOf = ({ profile }: Options) =>
  Effect.gen(function* () {
    if (profile === undefined) return undefined
    const settings = yield* settingsOf(profile)
    const entry = stronger.map((key) => [key, settings?.get(key)] as const).find(([, found]) => found)
    if (entry?.[1] !== undefined) {
      const [key, { file, line }] = entry
      return yield* new StsCredentialError({
        cloud: "aws",
        source,
        reason: "Malformed",
        detail: `profile ${profile} sets ${key}, which would take precedence over a login`,
        hint: "Log in with another profile, or remove that from this one.",
        file,
        line,
        profile,
        key
      })
    }
    const file = yield* SharedConfigFiles.configFileOf
    const stated = settings?.get("region")
    const region = stated && { key: "region", ...stated }
    return file === undefined ? undefined : ({ file, profile, region } satisfies Config)
  })

interface Context {
  readonly caller: Caller
  readonly endpoint: string
  readonly region: string | undefined
}

const newKey = Effect.sync(() =>
  Redacted.make(
    generateKeyPairSync("ec", { namedCurve: "P-256" })
      .privateKey.export({ type: "sec1", format: "pem" })
      .toString()
  )
)

/** Redeems what the browser brought back, which is good once: a reply that got lost is not asked for again. */
const redeemed = ({ caller, endpoint, region }: Context, clientId: Protocol.ClientId, grant: SignIn.Grant) =>
  Effect.gen(function* () {
    const dpopKey = yield* newKey
    const body = Protocol.tokenRequest(clientId, grant)
    const reply = yield* createToken(caller, `${endpoint}v1/token`, dpopKey, body)
    return yield* Effect.mapError(
      Effect.fromResult(
        Protocol.signedIn(reply, { clientId, dpopKey, region }, yield* Clock.currentTimeMillis)
      ),
      (fault) => failure(caller, fault)
    )
  })

const name = (caller: Caller, { file, profile }: Config, loginSession: string) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const text = (yield* SignIn.existing(caller.source, fs, file)) ?? ""
    yield* SignIn.keep(
      caller.source,
      file,
      withProfile("config", text, profile, { login_session: loginSession })
    )
  })

const signIn = <R>(
  given: Options,
  clientId: Protocol.ClientId,
  grantOf: (context: Context, options: Options) => Effect.Effect<SignIn.Grant, SourceError, R>
): Effect.Effect<SignedIn, SourceError, Services | R> =>
  Effect.gen(function* () {
    const options = trimmed(given)
    const withServices = yield* provideCaptured<Services | R>()
    const caller: Caller = {
      client: yield* HttpClient.HttpClient,
      source: { cloud: "aws", source, profile: options.profile },
      service: "AWS Sign-In",
      command: options.profile === undefined ? "aws login" : `aws login --profile ${options.profile}`,
      permit
    }
    const config = yield* configOf(options)
    const region =
      options.region === undefined
        ? ((yield* regionOf(yield* RequestPolicy)) ?? config?.region)
        : { key: "region", value: options.region }
    const endpoint = yield* identityEndpoint("signin", { ...options, region })
    const context: Context = { caller, endpoint, region: region?.value }
    const run = Effect.gen(function* () {
      const grant = yield* grantOf(context, options)
      const { expiresAt, loginSession, text } = yield* redeemed(context, clientId, grant)
      const file = yield* fileOf(loginSession)
      yield* SignIn.keep(caller.source, file, text)
      if (config !== undefined) yield* name(caller, config, loginSession)
      return { loginSession, file, expiration: DateTime.makeUnsafe(expiresAt) }
    })
    // Whose file it will be is known only at the end.
    const place = yield* fileNamed("sign-in")
    return yield* SignIn.oneAtATime<SignedIn>(caller.source, place, () => undefined, withServices(run))
  })

const sameDevice = "arn:aws:signin:::devtools/same-device"
const crossDevice = "arn:aws:signin:::devtools/cross-device"

/**
 * Signs in with this machine's browser, which is sent back to an address here: `NodeSignIn.layer` provides both. The
 * person has 10 minutes. Only one process at a time asks. With a profile's name, that profile of the config file names
 * the session from then on; every other line of the file stays as it is.
 *
 * @category constructors
 * @since 0.1.0
 */
export const login = (
  options: Options = {}
): Effect.Effect<SignedIn, SourceError, Services | LoopbackListener> =>
  signIn(options, sameDevice, ({ caller, endpoint }, { port }) =>
    SignIn.throughBrowser({
      source: caller.source,
      ports: [port ?? 0],
      path: Protocol.callbackPath,
      millis: SignIn.patience,
      pageOf: (authorization) => Protocol.authorizeUrl(endpoint, sameDevice, authorization)
    })
  )

/**
 * Signs in with a browser on any machine, as `aws login --remote` does: `SignIn.Prompt` tells the person of the page,
 * and `SignIn.Paste`, which has to be provided, asks for the text that the page shows at the end. Otherwise like
 * {@link login}.
 *
 * @category constructors
 * @since 4.0.0
 */
export const loginWithPaste = (
  options: Omit<Options, "port"> = {}
): Effect.Effect<SignedIn, SourceError, Services> =>
  signIn(options, crossDevice, ({ caller, endpoint }) =>
    SignIn.throughPaste({
      source: caller.source,
      millis: SignIn.patience,
      redirectUri: `${endpoint}${Protocol.confirmationPath}`,
      pageOf: (authorization) => Protocol.authorizeUrl(endpoint, crossDevice, authorization),
      codeIn: Protocol.pastedCode
    })
  )

/**
 * The session that a profile of the shared config files names, as {@link logout} takes it. Undefined where it names
 * none.
 *
 * @category constructors
 * @since 4.0.0
 */
export const fromProfile = (
  profile: string
): Effect.Effect<string | undefined, SourceError, FileSystem.FileSystem> =>
  Effect.map(settingsOf(profile), (settings) => settings?.get("login_session")?.value)

/**
 * Signs out: deletes the session's file, or those of all sessions where none is named. Credentials that a program has
 * already read remain valid for 15 minutes at most.
 *
 * @category constructors
 * @since 0.1.0
 */
export const logout = (
  loginSession?: string
): Effect.Effect<ReadonlyArray<string>, SourceError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const folder = dirname(yield* fileNamed("sign-in"))
    const wanted = loginSession === undefined ? undefined : yield* fileOf(loginSession)
    const files: Array<string> = []
    for (const file of yield* SignIn.jsonFilesIn(fs, folder)) {
      if (wanted !== undefined && file !== wanted) continue
      if (!Protocol.isSession((yield* SignIn.textIn(fs, file)) ?? "")) continue
      yield* SignIn.remove({ cloud: "aws", source }, file)
      files.push(file)
    }
    return files
  })
