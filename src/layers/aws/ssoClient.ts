/**
 * A client that IAM Identity Center knows, kept beside the tokens, and what its token service answers to it: a code for a
 * person to confirm, and tokens for what the person did.
 */
import { dirname, join } from "node:path"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type * as Result from "effect/Result"
import { codeOf, type SessionFault } from "../../protocol/aws/identityServices.js"
import * as Protocol from "../../protocol/aws/ssoLogin.js"
import type { Reply } from "../../services/Client.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { write } from "../PrivateFile.js"
import * as SignIn from "../signIn.js"
import { ask, type Caller, failure, once, persistently, refusal } from "./identityCall.js"

/** Where the service is, who asks it, and where the token is kept. */
export interface TokenService<Options extends Protocol.Wanted = Protocol.Wanted> {
  readonly options: Options
  readonly caller: Caller
  readonly oidc: string
  readonly file: string
}

/** What a reply holds, or what is wrong with it. */
export const orFail = <A>(
  caller: Caller,
  result: Result.Result<A, SessionFault>
): Effect.Effect<A, SourceError> =>
  Effect.mapError(Effect.fromResult(result), (fault) => failure(caller, fault))

const post = (operation: string, url: string, body: string) => ({
  operation,
  method: "POST" as const,
  url,
  headers: { "content-type": "application/json" },
  body
})

/** A client that the service does not know yet. */
const register = (service: TokenService, way: Protocol.Way) =>
  Effect.gen(function* () {
    const { caller, oidc, options } = service
    const now = yield* Clock.currentTimeMillis
    const name = options.sessionName ?? Math.floor(now / 1_000)
    const body = Protocol.registrationRequest(options, way, `effect-sts-${name}`)
    const reply = yield* persistently(once(caller, post("RegisterClient", `${oidc}client/register`, body)))
    const { registration, text } = yield* orFail(caller, Protocol.registered(options, way, reply))
    // One that cannot be kept is made anew the next time.
    yield* Effect.ignore(Effect.flatMap(FileSystem.FileSystem, (fs) => write(fs, clientFile(service), text)))
    return registration
  })

const clientFile = ({ file, options }: TokenService): string =>
  join(dirname(file), Protocol.registrationFile(options))

/**
 * Uses the client of the last time, or a new one where there is none. What ends as expired may be the client: it is not
 * used again.
 */
export const withClient = <A, R>(
  service: TokenService,
  way: Protocol.Way,
  use: (registration: Protocol.Registration) => Effect.Effect<A, SourceError, R>
): Effect.Effect<A, SourceError, R | FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const text = yield* SignIn.textIn(fs, clientFile(service))
    const kept = Protocol.registrationIn(text ?? "", way, yield* Clock.currentTimeMillis)
    const used = Effect.flatMap(kept === undefined ? register(service, way) : Effect.succeed(kept), use)
    return yield* Effect.tapError(used, (error) =>
      isExpired(error) ? Effect.ignore(fs.remove(clientFile(service))) : Effect.void
    )
  })

/** Whether what was asked for is over: a code, or the client itself. */
export const isExpired = (error: SourceError): boolean => "reason" in error && error.reason === "Expired"

/** Starts what a person has to confirm. */
export const startDevice = (service: TokenService, registration: Protocol.Registration) =>
  Effect.gen(function* () {
    const { caller, oidc, options } = service
    const started = yield* persistently(
      once(
        caller,
        post(
          "StartDeviceAuthorization",
          `${oidc}device_authorization`,
          Protocol.deviceRequest(registration, options)
        )
      )
    )
    const device = yield* orFail(caller, Protocol.deviceIn(started))
    return { device, registration }
  })

/** Shows the code, and asks until the person has answered. */
export const deviceToken = (
  { caller, oidc }: TokenService,
  registration: Protocol.Registration,
  device: Protocol.Device
): Effect.Effect<string, SourceError> => {
  const question = post("CreateToken", `${oidc}token`, Protocol.deviceTokenRequest(registration, device))
  const millis = device.expiresIn * 1_000
  const errorOf = (reply: Reply): SourceError => {
    switch (codeOf(reply)) {
      case "access_denied":
        return SignIn.denied(caller.source, { code: "access_denied", description: "" })
      case "expired_token":
        return SignIn.late(caller.source, millis)
      default:
        return refusal(caller, reply)
    }
  }
  const asked = Effect.map(
    ask(caller, question),
    (reply): SignIn.Asked<string> =>
      reply.status === 200
        ? { _tag: "Done", value: reply.body }
        : { _tag: "Not", code: codeOf(reply), error: errorOf(reply) }
  )
  return SignIn.poll(
    { interval: device.interval * 1_000, millis, source: caller.source },
    asked,
    SignIn.show({ url: device.urlWithCode, code: device.userCode })
  )
}

/** Redeems what the browser brought back, which is good once: a reply that got lost is not asked for again. */
export const codeToken = (
  { caller, oidc }: TokenService,
  registration: Protocol.Registration,
  grant: SignIn.Grant
) => once(caller, post("CreateToken", `${oidc}token`, Protocol.codeTokenRequest(registration, grant)))
