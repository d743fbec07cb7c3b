/**
 * AWS's sign-in pages, as a federated user reaches them.
 *
 * Source: "Enable custom identity broker access to the AWS console", IAM User Guide.
 */
import process from "node:process"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import type { SignIn, Wanted } from "../source.js"

const partitions = [
  [/^cn-/, "https://signin.amazonaws.cn", "console.amazonaws.cn"],
  [/^us-gov-/, "https://signin.amazonaws-us-gov.com", "console.amazonaws-us-gov.com"],
  [/^eusc-/, "", "console.amazonaws-eusc.eu"]
] as const

const regionOf = ({ region }: Wanted): string =>
  Option.getOrElse(region, () => process.env["AWS_REGION"] || process.env["AWS_DEFAULT_REGION"] || "")

const partitionOf = (region: string) => partitions.find(([pattern]) => pattern.test(region))

const consoleOf = (wanted: Wanted): string => {
  const region = regionOf(wanted)
  const host = partitionOf(region)?.[2] ?? "console.aws.amazon.com"
  return region === ""
    ? `https://${host}/`
    : `https://${region}.${host}/console/home?region=${encodeURIComponent(region)}`
}

/** How they are asked. */
export const signIn: SignIn = {
  lifetime: "15 minutes",
  endpoint: (wanted) => {
    const region = regionOf(wanted)
    const own = partitionOf(region)?.[1] ?? "https://signin.aws.amazon.com"
    return process.env["AWS_ENDPOINT_URL_SIGNIN"] || own || `https://${region}.signin.amazonaws-eusc.eu`
  },
  request: (endpoint, { id, secret, token }, { sessionDuration }) =>
    HttpClientRequest.get(`${endpoint}/federation`, {
      urlParams: {
        Action: "getSigninToken",
        Session: JSON.stringify({ sessionId: id, sessionKey: secret, sessionToken: token }),
        ...(Option.isSome(sessionDuration) ? { SessionDuration: String(sessionDuration.value) } : {})
      }
    }),
  url: (endpoint, token, wanted) =>
    `${endpoint}/federation?${new URLSearchParams({
      Action: "login",
      Issuer: "effect-sts",
      Destination: Option.getOrElse(wanted.destination, () => consoleOf(wanted)),
      SigninToken: token
    })}`
}
