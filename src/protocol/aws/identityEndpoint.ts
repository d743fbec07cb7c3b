/**
 * Where IAM Identity Center and AWS Sign-In answer.
 *
 * Source: the endpoint rule sets of AWS SSO, SSO OIDC and AWS Sign-In that the vendor's SDKs share.
 */
import * as Result from "effect/Result"
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
 * Who answers: the portal that gives a role's credentials, the token service of Identity Center, or AWS Sign-In.
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
  if (!isRegion(region)) return Result.fail({ parameter: "region", detail: "is no name of a region" })
  const partition = partitionOf(region)
  return (
    unsupported(partition, parameters) ??
    Result.succeed(`https://${hosts[service](region, partition, parameters)}`)
  )
}
