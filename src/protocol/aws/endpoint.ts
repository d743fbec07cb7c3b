/**
 * Where AWS STS answers.
 *
 * Source: the endpoint rule set of AWS STS, version 1.0, that the vendor's SDKs share.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import { type Partition, partitionOf } from "./partitions.js"

/**
 * What an endpoint is chosen by.
 *
 * @category models
 * @since 0.1.0
 */
export interface EndpointParameters {
  readonly region?: string | undefined
  readonly useFips?: boolean | undefined
  readonly useDualStack?: boolean | undefined
  /** Whether the regions that are older than their own endpoints use the global one. */
  readonly useGlobalEndpoint?: boolean | undefined
  /** A URL that somebody configured. */
  readonly endpoint?: string | undefined
}

/**
 * Where requests go, and what they are signed for.
 *
 * @category models
 * @since 0.1.0
 */
export interface Endpoint {
  readonly url: string
  /** Absent where an endpoint was configured and no region. */
  readonly signingRegion: string | undefined
  readonly signingName: "sts"
}

/**
 * Why there is no endpoint.
 *
 * @category models
 * @since 0.1.0
 */
export interface EndpointFault {
  /** The parameter that is missing or cannot be had. */
  readonly parameter: keyof EndpointParameters
  readonly detail: string
}

/**
 * The host of the global endpoint, which stands in us-east-1.
 *
 * @category constants
 * @since 0.1.0
 */
export const globalHost = "sts.amazonaws.com"

/**
 * The regions that `useGlobalEndpoint` sends to the global endpoint.
 *
 * @category constants
 * @since 0.1.0
 */
export const legacyGlobalRegions: ReadonlySet<string> = new Set([
  "ap-northeast-1",
  "ap-south-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "aws-global",
  "ca-central-1",
  "eu-central-1",
  "eu-north-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "sa-east-1",
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2"
])

// A region becomes part of a host name: with a dot or slash in it, it would name another host.
const hostLabel = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/

/**
 * Whether a text may be a region's name.
 *
 * @category guards
 * @since 0.1.0
 */
export const isRegion = (text: string): boolean => hostLabel.test(text)

const fault = (parameter: EndpointFault["parameter"], detail: string) => Either.left({ parameter, detail })

const at = (url: string, signingRegion: string | undefined): Either.Either<Endpoint, EndpointFault> =>
  Either.right({ url, signingRegion, signingName: "sts" })

/**
 * An endpoint that somebody configured, unless more is asked of it than it can be known to keep.
 *
 * @category endpoints
 * @since 0.1.0
 */
export const withCustomEndpoint = (
  url: string,
  { region, useDualStack, useFips }: EndpointParameters
): Either.Either<Endpoint, EndpointFault> => {
  if (useFips === true) return fault("useFips", "cannot be had together with a custom endpoint")
  if (useDualStack === true) return fault("useDualStack", "cannot be had together with a custom endpoint")
  return at(url, region)
}

/**
 * What a partition does not have of what is asked.
 *
 * @category endpoints
 * @since 0.1.0
 */
export const unsupported = (
  { name, supportsDualStack, supportsFips }: Partition,
  { useDualStack, useFips }: EndpointParameters
) => {
  if (useFips === true && !supportsFips) return fault("useFips", `is not supported in the partition ${name}`)
  return useDualStack === true && !supportsDualStack
    ? fault("useDualStack", `is not supported in the partition ${name}`)
    : undefined
}

const hostOf = (
  region: string,
  { dnsSuffix, dualStackDnsSuffix, name }: Partition,
  { useDualStack, useFips, useGlobalEndpoint }: EndpointParameters
): string => {
  if (useDualStack === true) return `${useFips === true ? "sts-fips" : "sts"}.${region}.${dualStackDnsSuffix}`
  // Everything in GovCloud is FIPS.
  if (useFips === true) return `${name === "aws-us-gov" ? "sts" : "sts-fips"}.${region}.${dnsSuffix}`
  const isGlobal = region === "aws-global" || (useGlobalEndpoint === true && legacyGlobalRegions.has(region))
  return isGlobal ? globalHost : `sts.${region}.${dnsSuffix}`
}

/**
 * The endpoint for a region and what is asked of it, or why there is none.
 *
 * @category endpoints
 * @since 0.1.0
 */
export const resolve = (parameters: EndpointParameters): Either.Either<Endpoint, EndpointFault> => {
  const { endpoint, region } = parameters
  if (region !== undefined && !isRegion(region)) return fault("region", "is no name of a region")
  if (endpoint !== undefined) return withCustomEndpoint(endpoint, parameters)
  if (region === undefined) return fault("region", "is missing")
  const partition = partitionOf(region)
  const refused = unsupported(partition, parameters)
  if (refused !== undefined) return refused
  const host = hostOf(region, partition, parameters)
  return at(`https://${host}`, host === globalHost ? partition.implicitGlobalRegion : region)
}
