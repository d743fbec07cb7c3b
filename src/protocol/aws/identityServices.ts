/**
 * What IAM Identity Center and AWS Sign-In have in common: where they answer, what the replies mean that give nothing,
 * and how AWS's tools keep the sessions that a person signed in to.
 *
 * Source: the endpoint rule sets of AWS SSO, SSO OIDC and AWS Sign-In that the vendor's SDKs share; the errors of
 * "GetRoleCredentials", "CreateToken" and "CreateOAuth2Token" in the services' API References.
 */
import { createHash } from "node:crypto"
import * as Result from "effect/Result"
import type { CredentialErrorReason } from "../../schemas/StsError.js"
import { formatTimestamp } from "../encoding.js"
import * as Json from "../json.js"
import { reasonOf, table } from "../retry.js"
import {
  type EndpointFault,
  type EndpointParameters,
  isRegion,
  type Partition,
  partitionOf,
  unsupported,
  withCustomEndpoint
} from "./endpoint.js"

/**
 * The service that answers: the portal that gives a role's credentials, the token service of Identity Center, or AWS
 * Sign-In.
 */
export type IdentityService = "portal" | "oidc" | "signin"

type Parameters = Pick<EndpointParameters, "region" | "useFips" | "useDualStack" | "endpoint">

type HostOf = (region: string, partition: Partition, wanted: Parameters) => string

const regional =
  (name: string): HostOf =>
  (region, partition, { useDualStack, useFips }) => {
    const { dnsSuffix, dualStackDnsSuffix } = partition
    // Everything in GovCloud is FIPS.
    const plain = useFips !== true || (partition.name === "aws-us-gov" && useDualStack !== true)
    return `${plain ? name : `${name}-fips`}.${region}.${useDualStack === true ? dualStackDnsSuffix : dnsSuffix}`
  }

const signInDomains: Readonly<Record<string, string>> = {
  aws: "aws.amazon.com",
  "aws-cn": "amazonaws.cn",
  "aws-us-gov": "amazonaws-us-gov.com",
  "aws-iso": "c2shome.ic.gov",
  "aws-iso-b": "sc2shome.sgov.gov",
  "aws-iso-e": "csphome.adc-e.uk",
  "aws-iso-f": "csphome.hci.ic.gov",
  "aws-eusc": "amazonaws-eusc.eu"
}

const govFips = (region: string): string => {
  const host = `signin-fips.${signInDomains["aws-us-gov"]}`
  return region === "us-gov-west-1" ? host : `${region}.${host}`
}

const signIn: HostOf = (region, partition, wanted) => {
  const fips = wanted.useFips === true
  if (wanted.useDualStack !== true && !fips) {
    return `${region}.signin.${signInDomains[partition.name] ?? partition.dnsSuffix}`
  }
  return fips && wanted.useDualStack !== true && partition.name === "aws-us-gov"
    ? govFips(region)
    : regional("signin")(region, partition, wanted)
}

const hosts: Readonly<Record<IdentityService, HostOf>> = {
  portal: regional("portal.sso"),
  oidc: regional("oidc"),
  signin: signIn
}

/** The URL of a service in a region, or why there is none. */
export const resolve = (
  service: IdentityService,
  parameters: Parameters
): Result.Result<string, EndpointFault> => {
  const { endpoint, region } = parameters
  if (endpoint !== undefined) {
    return Result.map(withCustomEndpoint(endpoint, parameters), ({ url }) => url)
  }
  if (region === undefined) return Result.fail({ parameter: "region", detail: "is missing" })
  if (!isRegion(region)) return Result.fail({ parameter: "region", detail: "is not a region name" })
  const partition = partitionOf(region)
  return (
    unsupported(partition, parameters) ??
    Result.succeed(`https://${hosts[service](region, partition, parameters)}`)
  )
}

/** A reply. Header names are in lower case. */
export interface IdentityReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const wellFormed = /^[\w.-]{1,100}$/

/**
 * The error's own name: the last part of `com.example#UnauthorizedException`, without the URL that may follow it.
 */
export const codeOf = ({ body, headers }: IdentityReply): string | undefined => {
  const json = Json.parse(body) ?? {}
  const stated =
    Json.textIfAny(json, "error") ??
    headers["x-amzn-errortype"] ??
    Json.textIfAny(json, "__type") ??
    Json.textIfAny(json, "code")
  const code = stated?.split(":")[0]?.split("#").at(-1)
  return code !== undefined && wellFormed.test(code) ? code : undefined
}

// The services spell one error `invalid_grant`, `InvalidGrantException` and `INVALID_GRANT`.
const spelledAlike = (code: string): string => code.replace(/_|Exception$/g, "").toLowerCase()

/** What is done about a refusal of one of these services. */
export const remedyOf = /* @__PURE__ */ table(
  [
    { category: "throttled", codes: ["slowdown", "throttling", "toomanyrequests"] },
    { category: "server", codes: ["internalserver", "servererror"] },
    {
      category: "expired-credentials",
      codes: [
        "authcodeexpired",
        "expiredtoken",
        "invalidclient",
        "invalidgrant",
        "tokenexpired",
        "unauthorized",
        "unauthorizedclient",
        "usercredentialschanged",
        "401"
      ]
    }
  ],
  spelledAlike
)

/** Why a service gave nothing: it may pass by itself, the session has ended, or this is not permitted. */
export const refusalOf = (service: string, reply: IdentityReply): SessionFault => {
  const code = codeOf(reply)
  const said = code === undefined ? `HTTP ${reply.status}` : `${code} (HTTP ${reply.status})`
  return { reason: reasonOf(remedyOf(code ?? "", reply.status)), detail: `${service} answered ${said}` }
}

/** What is wrong with a file or reply, without quoting it. */
export interface SessionFault {
  readonly reason: CredentialErrorReason
  readonly detail: string
}

/** A session and, where it was renewed, the file's new text. */
export interface Renewed<Session> {
  readonly session: Session
  readonly document: Json.JsonObject
}

/** A {@link SessionFault}. */
export const fault = (reason: CredentialErrorReason, detail: string): Result.Result<never, SessionFault> =>
  Result.fail({ reason, detail })

/** The name of the file that belongs to a session. */
export const fileName = (algorithm: "sha1" | "sha256", session: string): string =>
  `${createHash(algorithm).update(session, "utf8").digest("hex")}.json`

const mostSeconds = 1_000_000_000

/** When something ends that lasts for some seconds from now on; in whole seconds, as the files have it. */
export const endsIn = (now: number, seconds: number): string => {
  const lasting = Math.floor(Math.min(Math.max(seconds, 0), mostSeconds))
  const millis = (Math.floor(now / 1000) + lasting) * 1000
  return formatTimestamp(millis, "iso8601")
}
