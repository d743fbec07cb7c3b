/** `aws login` and `aws logout`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { AwsConsoleLogin, AwsSsoLogin } from "../../login.js"
import { NodeHttp } from "../../node.js"
import { named, UsageError } from "../endings.js"
import * as Login from "../login.js"
import { show } from "../output.js"
import * as Session from "../session.js"
import { optional, port } from "../settings.js"

const flags = {
  profile: optional(
    "profile",
    "NAME",
    "The profile to sign in for; that of the environment by default. If it has a portal of IAM Identity Center, you sign in there; if not, with your console credentials, as aws login does, and the profile names the session from then on."
  ),
  session: optional(
    "sso-session",
    "NAME",
    "The [sso-session] of the config file to sign in to, instead of a profile's."
  ),
  region: optional(
    "region",
    "REGION",
    "Where to sign in with console credentials; the region of the environment or the profile by default."
  ),
  deviceCode: Flag.Boolean("device-code").pipe(
    Flag.withDefault(false),
    Flag.withDescription(
      "Sign in to IAM Identity Center by confirming a code in any browser, which may be on another machine."
    )
  ),
  remote: Flag.Boolean("remote").pipe(
    Flag.withDefault(false),
    Flag.withDescription(
      "Sign in with console credentials in a browser on any machine, and paste here what the page shows in the end."
    )
  ),
  noBrowser: Login.noBrowser,
  port: port("The port of this machine that the browser comes back to; any free one by default.").pipe(
    Flag.optional
  )
}

interface Ways {
  readonly deviceCode: boolean
  readonly remote: boolean
  readonly port: Option.Option<number>
}

const elsewhere =
  "\nThe browser comes back to this machine. If it runs on another one, use --device-code or --remote, or --port and a tunnel to that port."

const throughSso = (options: AwsSsoLogin.Options, deviceCode: boolean) =>
  Effect.flatMap(
    deviceCode ? AwsSsoLogin.loginWithDeviceCode(options) : AwsSsoLogin.login(options),
    (signedIn) => show({ portal: options.startUrl, file: signedIn.file, expiration: Login.endOf(signedIn) })
  )

/** Variables that name the profile, the first before the next. */
export const profileVariables = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]

interface Whose {
  readonly profile: Option.Option<string>
  readonly session: Option.Option<string>
}

const selected = ({ profile }: Whose): string => Session.selected(profile, profileVariables) ?? "default"

/** Whose portal of IAM Identity Center is meant, if there is one. */
const portalOf = ({ profile, session }: Whose) =>
  Option.isSome(profile) && Option.isSome(session)
    ? Effect.fail(
        new UsageError({ message: "--sso-session is instead of a profile's: leave it or --profile out." })
      )
    : AwsSsoLogin.fromProfile({
        profile: Option.getOrUndefined(profile),
        session: Option.getOrUndefined(session)
      })

/** Why options do not go together, whoever signs in. */
const contradiction = ({ deviceCode, port, remote }: Ways): string | undefined => {
  if (deviceCode && remote)
    return "--device-code is for IAM Identity Center and --remote is for console credentials: give one of them."
  if (Option.isSome(port) && (deviceCode || remote))
    return `--port is for a browser that comes back to this machine: leave it or ${remote ? "--remote" : "--device-code"} out.`
  return undefined
}

/** The command. */
export const login = Command.make("login", flags, (given) =>
  Effect.gen(function* () {
    const message = contradiction(given)
    if (message !== undefined) return yield* new UsageError({ message })
    const [region, port] = [Option.getOrUndefined(given.region), Option.getOrUndefined(given.port)]
    const sso = yield* portalOf(given)
    if (sso !== undefined && given.remote) {
      return yield* new UsageError({
        message: "--remote is for console credentials: IAM Identity Center has --device-code."
      })
    }
    if (sso !== undefined && region !== undefined) {
      return yield* new UsageError({
        message: "--region is for console credentials: the region of IAM Identity Center stands in the file."
      })
    }
    if (sso !== undefined) return yield* throughSso({ ...sso, port }, given.deviceCode)
    if (given.deviceCode) {
      return yield* new UsageError({
        message:
          "--device-code is for IAM Identity Center: name a profile with sso_session or sso_start_url, or an --sso-session."
      })
    }
    const own = selected(given)
    const signedIn = yield* (
      given.remote
        ? AwsConsoleLogin.loginWithPaste({ profile: own, region })
        : AwsConsoleLogin.login({ profile: own, region, port })
    ).pipe(Effect.mapError(named({ region: "--region" })))
    yield* show({
      loginSession: signedIn.loginSession,
      profile: own,
      file: signedIn.file,
      expiration: Login.endOf(signedIn)
    })
  }).pipe(Effect.provide(Login.layer(given, given.deviceCode || given.remote ? "" : elsewhere)))
).pipe(
  Command.withDescription(
    "Sign in as a person. The result is kept where AWS's own tools look for it, so that every SDK on this machine can use it."
  )
)

const everywhere = Effect.gen(function* () {
  const { files, unrevoked } = yield* AwsSsoLogin.logout()
  return { files: [...files, ...(yield* AwsConsoleLogin.logout())], unrevoked }
})

/** What a profile, or a session of the config file, has signed in to. */
const only = (given: Whose) =>
  Effect.gen(function* () {
    const sso = yield* portalOf(given)
    if (sso !== undefined) return yield* AwsSsoLogin.logout({ only: sso })
    const loginSession = yield* AwsConsoleLogin.fromProfile(selected(given))
    const files = loginSession === undefined ? [] : yield* AwsConsoleLogin.logout(loginSession)
    return { files, unrevoked: [] }
  })

/** The command. */
export const logout = Command.make(
  "logout",
  {
    profile: optional(
      "profile",
      "NAME",
      "Sign out of what this profile has signed in to; everywhere by default."
    ),
    session: optional("sso-session", "NAME", "Sign out of this [sso-session] of the config file.")
  },
  (given) =>
    Effect.gen(function* () {
      const { files, unrevoked } = yield* Option.isNone(given.profile) && Option.isNone(given.session)
        ? everywhere
        : only(given)
      yield* show({
        signedOut: files.join(", ") || "nobody was signed in",
        ...(unrevoked.length === 0
          ? {}
          : { stillGood: `${unrevoked.join(", ")}: the service could not be reached to revoke it` })
      })
    }).pipe(Effect.provide(NodeHttp.layer))
).pipe(
  Command.withDescription(
    "Sign out: revoke the tokens at IAM Identity Center, and delete the tokens and sessions that AWS's tools keep."
  )
)
