/** AWS's credentials for other programs. */

import process from "node:process"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as Aws from "../../aws.js"
import { FileCache } from "../../index.js"
import { aws as names } from "../formats.js"
import type { Dialect } from "../server.js"
import { cloudOf, type SignIn, type Wanted } from "../source.js"
import { issuedOf, session } from "./operations.js"

/** What clients of the container's endpoint ask and take. */
const dialect: Dialect = {
  header: true,
  reply: ({ expiration, id, secret, token }) => ({
    AccessKeyId: id,
    SecretAccessKey: secret,
    Token: token,
    Expiration: expiration
  }),
  environment: (url, secret) => ({
    AWS_CONTAINER_CREDENTIALS_FULL_URI: url,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: secret
  })
}

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

/**
 * The sign-in pages, as a federated user reaches them.
 *
 * Source: "Enable custom identity broker access to the AWS console", IAM User Guide.
 */
const signIn: SignIn = {
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

/** AWS. */
export const cloud = cloudOf({
  name: "aws",
  names,
  dialect,
  signIn,
  session,
  provider: Aws.CredentialProvider,
  assume: Aws.AssumedRole.make,
  keyOf: (base, role) => FileCache.keyOfRole("aws", base, role),
  issuedOf,
  explain: Aws.explain
})
