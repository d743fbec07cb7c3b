/** `alibaba login` and `alibaba logout`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { AlibabaCloudSsoLogin, AlibabaOAuthLogin } from "../../login.js"
import { named, UsageError } from "../endings.js"
import * as Login from "../login.js"
import { show } from "../output.js"
import { optional } from "../settings.js"

const profile = optional(
  "profile",
  "NAME",
  "The profile of Alibaba Cloud's command line tool that keeps the result; ALIBABA_CLOUD_PROFILE, or default."
)

const flags = {
  profile,
  signInUrl: optional(
    "sign-in-url",
    "URL",
    "The sign-in page of CloudSSO, as the browser shows it; the profile's by default. You confirm a code there, in any browser."
  ),
  accountId: optional("account-id", "ID", "The account, if CloudSSO offers several."),
  accessConfiguration: optional(
    "access-configuration",
    "ID",
    "The access configuration, if the account has several."
  ),
  site: Flag.Literals("site", ["cn", "intl"]).pipe(
    Flag.withDescription("Sign in with OAuth to an account of this site; the profile's by default."),
    Flag.optional
  ),
  deviceCode: Flag.Boolean("device-code").pipe(
    Flag.withDefault(false),
    Flag.withDescription(
      "Confirm a code in any browser, which may be on another machine. CloudSSO always works so."
    )
  ),
  noBrowser: Login.noBrowser
}

const elsewhere =
  "\nThe browser comes back to this machine. If it runs on another one, make a tunnel to the port in the page's address."

const throughBrowser = (options: AlibabaOAuthLogin.Options, given: Login.Given) =>
  AlibabaOAuthLogin.login(options).pipe(
    Effect.flatMap((signedIn) => show({ ...signedIn, expiration: Login.endOf(signedIn) })),
    Effect.provide(Login.layer(given, elsewhere))
  )

const withCode = (options: AlibabaCloudSsoLogin.Options, given: Login.Given) =>
  AlibabaCloudSsoLogin.loginWithDeviceCode(options).pipe(
    Effect.flatMap((signedIn) => show({ ...signedIn, expiration: Login.endOf(signedIn) })),
    Effect.provide(Login.layer(given))
  )

/** The command. */
export const login = Command.make("login", flags, (given) =>
  Effect.gen(function* () {
    const at = { profile: Option.getOrUndefined(given.profile) }
    const { accessConfiguration, accountId, signInUrl, site } = given
    if (Option.isSome(signInUrl) && Option.isSome(site))
      return yield* new UsageError({
        message: "--sign-in-url is for CloudSSO and --site is for OAuth: give one of them."
      })
    const oauth = Option.isSome(site)
      ? ({ ...at, site: site.value === "cn" ? "CN" : "INTL" } as const)
      : Option.isSome(signInUrl)
        ? undefined
        : yield* AlibabaOAuthLogin.fromProfile(at)
    if (oauth !== undefined && given.deviceCode)
      return yield* new UsageError({ message: "--device-code is for CloudSSO: OAuth has no such codes." })
    const ofCloudSso = Option.isSome(accountId) ? "--account-id" : "--access-configuration"
    if (oauth !== undefined && (Option.isSome(accountId) || Option.isSome(accessConfiguration)))
      return yield* new UsageError({ message: `${ofCloudSso} is for CloudSSO: leave it out with OAuth.` })
    if (oauth !== undefined) return yield* throughBrowser(oauth, given)
    const sso = Option.isSome(signInUrl)
      ? { ...at, signInUrl: signInUrl.value }
      : yield* AlibabaCloudSsoLogin.fromProfile(at)
    if (sso === undefined)
      return yield* new UsageError({
        message:
          "The profile does not say where to sign in: give --sign-in-url, for CloudSSO, or --site, for OAuth."
      })
    return yield* withCode(
      {
        ...sso,
        ...Option.match(accountId, { onNone: () => ({}), onSome: (accountId) => ({ accountId }) }),
        ...Option.match(accessConfiguration, {
          onNone: () => ({}),
          onSome: (accessConfiguration) => ({ accessConfiguration })
        })
      },
      given
    ).pipe(
      Effect.mapError(
        named({ signInUrl: Option.isSome(signInUrl) ? "--sign-in-url" : "cloud_sso_sign_in_url" })
      )
    )
  })
).pipe(
  Command.withDescription(
    "Sign in as a person. The result is kept in a profile where Alibaba Cloud's own tools look for it."
  )
)

/** The command. */
export const logout = Command.make("logout", { profile }, (given) =>
  Effect.gen(function* () {
    const at = { profile: Option.getOrUndefined(given.profile) }
    const signedOut = (yield* AlibabaCloudSsoLogin.logout(at)) || (yield* AlibabaOAuthLogin.logout(at))
    yield* show({ signedOut: signedOut ? "yes" : "nobody was signed in" })
  })
).pipe(Command.withDescription("Sign out: take the tokens and their credentials out of the profile."))
