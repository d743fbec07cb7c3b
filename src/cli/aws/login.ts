/** `aws login` and `aws logout`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { AwsConsoleLogin, AwsSsoLogin } from "../../login.js"
import { NodeHttp } from "../../node.js"
import { UsageError } from "../failure.js"
import * as Login from "../login.js"
import { show } from "../output.js"

const flags = {
  profile: Flag.String("profile").pipe(
    Flag.withMetavar("NAME"),
    Flag.withDescription(
      "The profile to sign in for. Where it has a portal of IAM Identity Center, that is where; otherwise the console's credentials are used, as by aws login, and the profile names the session from then on."
    ),
    Flag.optional
  ),
  session: Flag.String("sso-session").pipe(
    Flag.withMetavar("NAME"),
    Flag.withDescription("The [sso-session] of the config file to sign in to, whatever the profile."),
    Flag.optional
  ),
  region: Flag.String("region").pipe(
    Flag.withMetavar("REGION"),
    Flag.withDescription("Where to sign in with the console's credentials; as in the environment otherwise."),
    Flag.optional
  ),
  deviceCode: Flag.Boolean("device-code").pipe(
    Flag.withDefault(false),
    Flag.withDescription(
      "Sign in to IAM Identity Center with a code that is confirmed in any browser, on another machine too."
    )
  ),
  noBrowser: Login.noBrowser,
  port: Flag.Int("port").pipe(
    Flag.withMetavar("PORT"),
    Flag.withDescription("The port of this machine that the browser comes back to; any free one otherwise."),
    Flag.optional
  )
}

const elsewhere =
  "\nThe browser comes back to this machine. Where it runs on another, use --device-code, or --port and a tunnel to it."

const throughSso = (options: AwsSsoLogin.Options, deviceCode: boolean) =>
  Effect.flatMap(
    deviceCode ? AwsSsoLogin.loginWithDeviceCode(options) : AwsSsoLogin.login(options),
    (signedIn) => show({ portal: options.startUrl, file: signedIn.file, expiration: Login.endOf(signedIn) })
  )

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
    if (sso !== undefined) return yield* throughSso({ ...sso, port }, given.deviceCode)
    if (given.deviceCode) {
      return yield* new UsageError({
        message:
          "--device-code is for IAM Identity Center: name a profile that has sso_session or sso_start_url, or an --sso-session."
      })
    }
    const signedIn = yield* AwsConsoleLogin.login({ profile: profile ?? "default", region, port })
    yield* show({
      loginSession: signedIn.loginSession,
      profile: profile ?? "default",
      file: signedIn.file,
      expiration: Login.endOf(signedIn)
    })
  }).pipe(Effect.provide(Login.layer(given, given.deviceCode ? "" : elsewhere)))
).pipe(
  Command.withDescription(
    "Sign in as a person, from nothing. What comes of it is kept where AWS's own tools look for it, and every SDK on this machine can use it."
  )
)

/** The command. */
export const logout = Command.make("logout", {}, () =>
  Effect.gen(function* () {
    const { files, untold } = yield* AwsSsoLogin.logout()
    const sessions = yield* AwsConsoleLogin.logout()
    yield* show({
      signedOut: [...files, ...sessions].join(", ") || "nobody was signed in",
      ...(untold.length === 0 ? {} : { stillGood: `${untold.join(", ")}: the service could not be told` })
    })
  }).pipe(Effect.provide(NodeHttp.layer))
).pipe(
  Command.withDescription(
    "Sign out: tell IAM Identity Center, and delete the tokens and sessions that AWS's tools keep."
  )
)
