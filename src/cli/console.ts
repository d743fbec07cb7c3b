/** `console`: a way into the web console with a role's credentials. */
import process from "node:process"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import { StsConfigError } from "../index.js"
import { NodeHttp } from "../node.js"
import { ProgramError, UsageError } from "./endings.js"
import { print } from "./output.js"
import * as Session from "./session.js"
import { optional } from "./settings.js"
import * as Source from "./source.js"

const flags = {
  destination: Flag.String("destination").pipe(
    Flag.withMetavar("URL"),
    Flag.filter(
      (url) => URL.canParse(url) && /^https:\/\//i.test(url),
      () => "a URL that begins with https://"
    ),
    Flag.withDescription("The console page to open; the home page by default."),
    Flag.optional
  ),
  sessionDuration: Flag.Int("session-duration").pipe(
    Flag.withMetavar("SECONDS"),
    Flag.filter(
      (seconds) => seconds >= 900 && seconds <= 43_200,
      () => "a number from 900 to 43200"
    ),
    Flag.withDescription(
      "How long the console session lasts, 900 to 43200. Only for a single role, assumed by a user or an identity provider, and only on AWS."
    ),
    Flag.optional
  ),
  endpoint: optional("endpoint", "URL", "The sign-in service; the cloud's own by default.")
}

const isSafe = (url: string): boolean =>
  /^https:\/\/[^/@]+$/.test(url) || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(url)

/** The sign-in service that an option or a variable states. */
const statedEndpoint = (option: Option.Option<string>, variable: string | undefined) =>
  Effect.suspend((): Effect.Effect<string | undefined, UsageError | StsConfigError> => {
    const ofVariable = variable && process.env[variable]
    const url = Option.getOrElse(option, () => ofVariable || undefined)
    if (url === undefined || isSafe(url)) return Effect.succeed(url)
    const rule = "must be https://HOST"
    return Effect.fail(
      Option.isSome(option)
        ? new UsageError({ message: `--endpoint ${rule}.` })
        : new StsConfigError({ key: variable ?? "", detail: rule })
    )
  })

// The request holds keys, and so may whatever is said of its failure.
const unreachable = () => new ProgramError({ message: "The sign-in service could not be reached." })

const refused = (status: number) =>
  new ProgramError({
    message: `The sign-in service refused (HTTP ${status}). It takes the credentials of a role, not a user's, and --session-duration only for a single role.`
  })

const tokenIn = (text: string): string | undefined => {
  try {
    const { SigninToken } = JSON.parse(text)
    return typeof SigninToken === "string" && SigninToken !== "" ? SigninToken : undefined
  } catch {
    return undefined
  }
}

const tokenFor = (request: HttpClientRequest.HttpClientRequest) =>
  Effect.gen(function* () {
    const client = yield* HttpClient.HttpClient
    const response = yield* Effect.mapError(client.execute(request), unreachable)
    const text = yield* Effect.mapError(response.text, unreachable)
    if (response.status !== 200) return yield* refused(response.status)
    const token = tokenIn(text)
    return token ?? (yield* new ProgramError({ message: "The sign-in service answered without a token." }))
  }).pipe(
    Effect.timeoutOrElse({ duration: "20 seconds", orElse: () => Effect.fail(unreachable()) }),
    Effect.provide(NodeHttp.layer)
  )

/** The command. */
export const console = (cloud: Source.Cloud) =>
  Command.make(
    "console",
    { ...Source.flags, ...Session.flags, ...flags },
    ({ destination, endpoint: option, sessionDuration, ...asked }) =>
      Effect.gen(function* () {
        if (cloud.name !== "aws" && Option.isSome(sessionDuration))
          return yield* new UsageError({ message: "--session-duration is taken by AWS alone; leave it out." })
        if (asked.role.length > 1 && Option.isSome(sessionDuration))
          return yield* new UsageError({
            message: "--session-duration is not taken for a role that another role assumes; leave it out."
          })
        const stated = yield* statedEndpoint(option, cloud.signIn.variable)
        const { get, region: found } = yield* cloud.fresh(asked)
        // The request holds keys: nobody is asked where it cannot be told who.
        const decides = cloud.signIn.byRegion && stated === undefined
        const region = yield* decides ? found : Effect.orElseSucceed(found, () => undefined)
        const wanted = { region, destination, sessionDuration }
        const endpoint = stated ?? cloud.signIn.endpoint(wanted)
        if (endpoint === undefined)
          return yield* new UsageError({
            message: "Where this region's partition signs in is not known: state it with --endpoint."
          })
        const issued = yield* get
        if (issued.token === undefined)
          return yield* new ProgramError({
            message: "The console takes the credentials of a role, not a user's. Name a role with --role ARN."
          })
        const token = yield* tokenFor(cloud.signIn.request(endpoint, issued, wanted))
        yield* print(cloud.signIn.url(endpoint, token, wanted))
      }).pipe(Effect.scoped)
  ).pipe(
    Command.withDescription(
      `Print an address that opens the web console as a role. Anyone who has it is signed in; it is valid for ${cloud.signIn.lifetime}.`
    )
  )
