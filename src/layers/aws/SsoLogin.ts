/**
 * Signing in to IAM Identity Center, as `aws sso login` does: the token is kept where AWS's tools and this package's
 * sources look for it.
 *
 * @since 0.1.0
 */
import { dirname, join } from "node:path"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { SessionFault } from "../../protocol/aws/identityServices.js"
import { portalIn, ssoOf } from "../../protocol/aws/profileBase.js"
import type { ProfileFault } from "../../protocol/aws/profileFault.js"
import type { Section } from "../../protocol/aws/profileFile.js"
import { parseSsoToken } from "../../protocol/aws/signIn.js"
import * as Protocol from "../../protocol/aws/ssoLogin.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import { identityEndpoint } from "../../services/aws/Endpoint.js"
import type { SourceError } from "../../services/CredentialSource.js"
import type { LoopbackListener } from "../../services/SignIn.js"
import type { Where } from "../../services/SourceRequest.js"
import { blankIn, trimmed } from "../../services/setting.js"
import { provideCaptured } from "../platform.js"
import * as SignIn from "../signIn.js"
import { type Caller, once } from "./identityCall.js"
import * as SharedConfigFiles from "./SharedConfigFiles.js"
import {
  codeToken,
  deviceToken,
  isExpired,
  orFail,
  startDevice,
  type TokenService,
  withClient
} from "./ssoClient.js"
import * as SsoSession from "./ssoSession.js"

/**
 * Where to sign in, and for what.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends SsoSession.Options {
  /** What the token may be used for (`sso_registration_scopes`). Default: `sso:account:access` for a session, else nothing. */
  readonly scopes?: ReadonlyArray<string> | undefined
  /** The port that the browser is sent back to, for port forwarding. Default: any free port. */
  readonly port?: number | undefined
}

/**
 * A token that the person has signed in for.
 *
 * @category models
 * @since 0.1.0
 */
export interface SignedIn {
  /** The file that keeps it. */
  readonly file: string
  /** When it ends. One that belongs to a session is renewed before that. */
  readonly expiration: DateTime.Utc
}

type Services = HttpClient.HttpClient | FileSystem.FileSystem

type Service = TokenService<Options>

const tokenOf = (file: string, text: string): SignedIn | undefined => {
  const token = Result.getOrUndefined(parseSsoToken(text))
  return token && { file, expiration: DateTime.makeUnsafe(token.expiresAt) }
}

const minute = 60_000

const lasting = (file: string) => (text: string, now: number) => {
  const found = tokenOf(file, text)
  return found !== undefined && found.expiration.epochMilliseconds - now > 5 * minute ? found : undefined
}

const keep = ({ caller, file, options }: Service, registration: Protocol.Registration, reply: string) =>
  Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const text = yield* orFail(caller, Protocol.tokenFileOf(options, registration, reply, now))
    yield* SignIn.keep(caller.source, file, text)
    const kept = tokenOf(file, text)
    const whole: Result.Result<SignedIn, SessionFault> =
      kept === undefined
        ? Result.fail({ reason: "Malformed", detail: "the token service's answer is not a token" })
        : Result.succeed(kept)
    return yield* orFail(caller, whole)
  })

const whereOf = ({ regionAt, where }: ProfileSession): Where => ({
  ...where,
  stated: regionAt === undefined ? undefined : { region: { key: "sso_region", ...regionAt } }
})

const signIn = <R>(
  given: ProfileSession,
  run: (service: Service) => Effect.Effect<SignedIn, SourceError, R>
): Effect.Effect<SignedIn, SourceError, R | Services> =>
  Effect.gen(function* () {
    const required = ["startUrl", "region"] as const
    const options = trimmed(given, ...required)
    const blank = blankIn(options, ...required)
    if (blank !== undefined) return yield* blank
    const withServices = yield* provideCaptured<R>()
    const where = whereOf(given)
    const caller: Caller = {
      client: yield* HttpClient.HttpClient,
      source: { cloud: "aws", source: SsoSession.source, ...where },
      service: "the token service",
      command: SsoSession.signInWith(options, where)
    }
    const file = yield* SsoSession.fileOf(options)
    const useDualStack = options.useDualStack ?? (Protocol.isDualStack(options.startUrl) || undefined)
    const oidc = yield* SsoSession.endpointOf({ ...options, useDualStack }, where)
    const service = { options, caller, oidc, file }
    return yield* SignIn.oneAtATime(caller.source, file, lasting(file), withServices(run(service)))
  })

const scopesIn = (section: Section | undefined): ReadonlyArray<string> | undefined =>
  section?.settings
    .get("sso_registration_scopes")
    ?.value.split(",")
    .map((scope) => scope.trim())
    .filter((scope) => scope !== "")

/**
 * Which profile or session of the shared config file to sign in to.
 *
 * @category models
 * @since 0.1.0
 */
export interface ProfileOptions {
  /** The profile. `AWS_PROFILE`, `AWS_DEFAULT_PROFILE`, or else `default`. */
  readonly profile?: string | undefined
  /** The name of an `[sso-session]`, whatever the profile. */
  readonly session?: string | undefined
}

/**
 * Where to sign in, and where the shared config files say so, which errors name.
 *
 * @category models
 * @since 4.0.0
 */
export interface ProfileSession extends Options {
  /** The place that names the session, and its profile. */
  readonly where?:
    | {
        /** The file. */
        readonly file: string
        /** The line, from 1. */
        readonly line: number
        /** The profile. */
        readonly profile: string
      }
    | undefined
  /** The place of `sso_region`. */
  readonly regionAt?:
    | {
        /** The file. */
        readonly file: string
        /** The line, from 1. */
        readonly line: number
      }
    | undefined
}

/**
 * Reads from AWS's shared config files where to sign in. Undefined where the profile does not exist or says nothing
 * about IAM Identity Center.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromProfile = ({
  profile,
  session
}: ProfileOptions = {}): Effect.Effect<ProfileSession | undefined, SourceError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const load = yield* SharedConfigFiles.make
    const { profile: name, sections } = yield* load({ profile })
    const orFail = <A>(result: Result.Result<A, ProfileFault>) =>
      Effect.mapError(
        Effect.fromResult(result),
        ({ begun: _, ...fault }) =>
          new StsCredentialError({ cloud: "aws", source: SsoSession.source, ...fault })
      )
    if (session !== undefined) {
      const section = sections.ssoSessions.get(session)
      if (section === undefined) {
        const detail = `there is no [sso-session ${session}]`
        const hint = "Run aws configure sso-session, or check the name."
        return yield* new StsCredentialError({
          cloud: "aws",
          source: SsoSession.source,
          reason: "UnknownProfile",
          detail,
          hint
        })
      }
      const { regionAt, region, startUrl } = yield* orFail(portalIn(section, session))
      return { startUrl, region, regionAt, sessionName: session, scopes: scopesIn(section) }
    }
    const section = sections.profiles.get(name)
    const sso = section === undefined ? undefined : yield* orFail(ssoOf(sections, section))
    if (section === undefined || sso === undefined) return undefined
    const { region, regionAt, sessionName, startUrl } = sso
    const scopes = sessionName === undefined ? undefined : scopesIn(sections.ssoSessions.get(sessionName))
    const { file, line } = section.settings.get("sso_session") ?? section
    return { startUrl, region, regionAt, sessionName, scopes, where: { file, line, profile: name } }
  })

/**
 * Signs in with a code that the person confirms in any browser, on this machine or another. Only one process at a time
 * does so; those that waited use its result.
 *
 * @category constructors
 * @since 0.1.0
 */
export const loginWithDeviceCode = (options: Options): Effect.Effect<SignedIn, SourceError, Services> =>
  signIn(options, (service) =>
    Effect.gen(function* () {
      const started = withClient(service, "device", (client) => startDevice(service, client))
      // The service may have forgotten the client of the last time.
      const { device, registration } = yield* Effect.catchIf(started, isExpired, () => started)
      const reply = yield* deviceToken(service, registration, device)
      return yield* keep(service, registration, reply)
    })
  )

/**
 * Signs in with this machine's browser, which is sent back to an address here: `NodeSignIn.layer` provides both. The
 * person has 10 minutes. Only one process at a time does so; those that waited use its result.
 *
 * @category constructors
 * @since 0.1.0
 */
export const login = (options: Options): Effect.Effect<SignedIn, SourceError, Services | LoopbackListener> =>
  signIn(options, (service) =>
    withClient(service, "browser", (registration) =>
      Effect.gen(function* () {
        const { caller, oidc, options } = service
        const grant = yield* SignIn.throughBrowser({
          source: caller.source,
          ports: [options.port ?? 0],
          path: Protocol.callbackPath,
          millis: SignIn.patience,
          pageOf: (authorization) => Protocol.authorizeUrl(oidc, registration, options, authorization)
        })
        const reply = yield* codeToken(service, registration, grant)
        return yield* keep(service, registration, reply)
      })
    )
  )

/**
 * The result of signing out.
 *
 * @category models
 * @since 0.1.0
 */
export interface SignedOut {
  /** The files that kept tokens. They have been deleted. */
  readonly files: ReadonlyArray<string>
  /**
   * Those of them whose token the service could not be asked to revoke: anyone who has a copy can use it until it ends.
   */
  readonly unrevoked: ReadonlyArray<string>
}

const tellPortal = (
  caller: Caller,
  options: Pick<Options, "useDualStack" | "useFips">,
  token: Protocol.KeptToken
) =>
  Effect.gen(function* () {
    const portal = yield* identityEndpoint("portal", {
      ...options,
      region: { key: "region", value: token.region }
    })
    yield* once(caller, {
      operation: "Logout",
      method: "POST",
      url: `${portal}logout`,
      headers: { "x-amz-sso_bearer_token": Redacted.value(token.accessToken) }
    })
  })

/**
 * What to sign out of.
 *
 * @category models
 * @since 4.0.0
 */
export interface LogoutOptions extends Pick<Options, "useDualStack" | "useFips"> {
  /** The one portal to sign out of. Default: all of them. */
  readonly only?: Options | undefined
}

/**
 * Signs out of all portals, as `aws sso logout` does, or of one: the service is asked to revoke every token that is
 * kept, and the files are deleted; for all portals, so are the AWS CLI's files with credentials from them. A file is
 * deleted even where the service cannot be reached.
 *
 * @category constructors
 * @since 0.1.0
 */
export const logout = ({
  only,
  ...options
}: LogoutOptions = {}): Effect.Effect<SignedOut, SourceError, Services> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const caller: Caller = {
      client: yield* HttpClient.HttpClient,
      source: { cloud: "aws", source: SsoSession.source },
      service: "the portal",
      command: "aws sso login"
    }
    const [files, unrevoked]: [Array<string>, Array<string>] = [[], []]
    const own = yield* SsoSession.fileOf(only ?? { startUrl: "", region: "" })
    const folder = dirname(own)
    for (const file of only === undefined ? yield* SignIn.jsonFilesIn(fs, folder) : [own]) {
      const token = Protocol.keptTokenIn((yield* SignIn.textIn(fs, file)) ?? "")
      if (token === undefined) continue
      const told = yield* Effect.isSuccess(tellPortal(caller, options, token))
      if (!told) unrevoked.push(file)
      yield* SignIn.remove(caller.source, file)
      files.push(file)
    }
    const kept = only === undefined ? yield* SignIn.jsonFilesIn(fs, join(folder, "../../cli/cache")) : []
    for (const file of kept) {
      if (Protocol.isOfSso((yield* SignIn.textIn(fs, file)) ?? "")) yield* SignIn.remove(caller.source, file)
    }
    return { files, unrevoked }
  })
