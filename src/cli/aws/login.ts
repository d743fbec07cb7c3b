/** `aws login` and `aws logout`. */
import process from "node:process"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { AwsConsoleLogin, AwsSsoLogin } from "../../login.js"
import { NodeHttp } from "../../node.js"
import { UsageError } from "../endings.js"
import * as Login from "../login.js"
import { show } from "../output.js"
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

const elsewhere =
  "\nThe browser comes back to this machine. If it runs on another one, use --device-code or --remote, or --port and a tunnel to that port."

const throughSso = (options: AwsSsoLogin.Options, deviceCode: boolean) =>
  Effect.flatMap(
    deviceCode ? AwsSsoLogin.loginWithDeviceCode(options) : AwsSsoLogin.login(options),
    (signedIn) => show({ portal: options.startUrl, file: signedIn.file, expiration: Login.endOf(signedIn) })
  )

/** The profile that counts where no option names one. */
const selected = (): string => process.env["AWS_PROFILE"] || process.env["AWS_DEFAULT_PROFILE"] || "default"

/** The command. */
export const login = Command.make("login", flags, (given) =>
  Effect.gen(function* () {
    const [profile, session, region, port] = [
      Option.getOrUndefined(given.profile),
      Option.getOrUndefined(given.session),
      Option.getOrUndefined(given.region),
      Option.getOrUndefined(given.port)
    ]
    const sso = yield* AwsSsoLogin.fromProfile({ profile, session })
    if (sso !== undefined && given.remote) {
      return yield* new UsageError({
        message: "--remote is for console credentials: IAM Identity Center has --device-code."
      })
    }
    if (sso !== undefined) return yield* throughSso({ ...sso, port }, given.deviceCode)
    if (given.deviceCode) {
      return yield* new UsageError({
        message:
          "--device-code is for IAM Identity Center: name a profile with sso_session or sso_start_url, or an --sso-session."
      })
    }
    const own = profile ?? selected()
    const signedIn = yield* given.remote
      ? AwsConsoleLogin.loginWithPaste({ profile: own, region })
      : AwsConsoleLogin.login({ profile: own, region, port })
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
const only = (profile: string | undefined, session: string | undefined) =>
  Effect.gen(function* () {
    const sso = yield* AwsSsoLogin.fromProfile({ profile, session })
    if (sso !== undefined) return yield* AwsSsoLogin.logout({ only: sso })
    const loginSession = yield* AwsConsoleLogin.fromProfile(profile ?? selected())
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
      const [profile, session] = [Option.getOrUndefined(given.profile), Option.getOrUndefined(given.session)]
      const { files, unrevoked } = yield* profile === undefined && session === undefined
        ? everywhere
        : only(profile, session)
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
