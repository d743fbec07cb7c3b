/** `alibaba login` and `alibaba logout`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { AlibabaCloudSsoLogin, AlibabaOAuthLogin } from "../../login.js"
import { UsageError } from "../failure.js"
import * as Login from "../login.js"
import { show } from "../output.js"

const profile = Flag.String("profile").pipe(
  Flag.withMetavar("NAME"),
  Flag.withDescription(
    "The profile that keeps it, in the config file of Alibaba Cloud's command line tool; ALIBABA_CLOUD_PROFILE or default otherwise."
  ),
  Flag.optional
)

const optional = (name: string, metavar: string, description: string) =>
  Flag.String(name).pipe(Flag.withMetavar(metavar), Flag.withDescription(description), Flag.optional)

const flags = {
  profile,
  signInUrl: optional(
    "sign-in-url",
    "URL",
    "The sign-in page of CloudSSO, as the browser shows it. A code is confirmed there, in any browser."
  ),
  accountId: optional("account-id", "ID", "The account, where CloudSSO gives several."),
  accessConfiguration: optional(
    "access-configuration",
    "ID",
    "The access configuration, where the account has several."
  ),
  site: Flag.Literals("site", ["cn", "intl"]).pipe(
    Flag.withDescription("Sign in with OAuth, to an account of this site."),
    Flag.optional
  ),
  deviceCode: Flag.Boolean("device-code").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Confirm a code in any browser, on another machine too. CloudSSO always does.")
  ),
  noBrowser: Login.noBrowser
}

const elsewhere =
  "\nThe browser comes back to this machine. Where it runs on another, make a tunnel to the port in the page's address."

/** The command. */
export const login = Command.make("login", flags, (given) =>
  Effect.gen(function* () {
    const at = { profile: Option.getOrUndefined(given.profile) }
    const signInUrl = Option.getOrUndefined(given.signInUrl)
    const site = Option.getOrUndefined(given.site)
    if ((signInUrl === undefined) === (site === undefined)) {
      return yield* new UsageError({
        message: "Give either --sign-in-url, for CloudSSO, or --site, for OAuth."
      })
    }
    if (site !== undefined && given.deviceCode) {
      return yield* new UsageError({ message: "--device-code is for CloudSSO: OAuth has no such codes." })
    }
    if (site !== undefined) {
      const signedIn = yield* AlibabaOAuthLogin.login({ ...at, site: site === "cn" ? "CN" : "INTL" })
      return yield* show({ ...signedIn, expiration: Login.endOf(signedIn) })
    }
    const signedIn = yield* AlibabaCloudSsoLogin.loginWithDeviceCode({
      ...at,
      signInUrl: signInUrl ?? "",
      accountId: Option.getOrUndefined(given.accountId),
      accessConfiguration: Option.getOrUndefined(given.accessConfiguration)
    })
    yield* show({ ...signedIn, expiration: Login.endOf(signedIn) })
  }).pipe(Effect.provide(Login.layer(given, Option.isSome(given.site) ? elsewhere : "")))
).pipe(
  Command.withDescription(
    "Sign in as a person, from nothing. What comes of it is kept in a profile where Alibaba Cloud's own tools look for it."
  )
)

/** The command. */
export const logout = Command.make("logout", { profile }, (given) =>
  Effect.gen(function* () {
    const at = { profile: Option.getOrUndefined(given.profile) }
    const signedOut = (yield* AlibabaCloudSsoLogin.logout(at)) || (yield* AlibabaOAuthLogin.logout(at))
    yield* show({ signedOut: signedOut ? "yes" : "nobody was signed in" })
  })
).pipe(Command.withDescription("Sign out: take the tokens, and what came of them, out of the profile."))
