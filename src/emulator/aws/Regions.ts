/** Regions that serve STS, and what a host's name says of them. */

const regions: ReadonlySet<string> = new Set([
  "af-south-1",
  "ap-east-1",
  "ap-east-2",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-south-1",
  "ap-south-2",
  "ap-southeast-1",
  "ap-southeast-2",
  "ap-southeast-3",
  "ap-southeast-4",
  "ap-southeast-5",
  "ap-southeast-6",
  "ap-southeast-7",
  "ca-central-1",
  "ca-west-1",
  "cn-north-1",
  "cn-northwest-1",
  "eu-central-1",
  "eu-central-2",
  "eu-north-1",
  "eu-south-1",
  "eu-south-2",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "eusc-de-east-1",
  "il-central-1",
  "me-central-1",
  "me-south-1",
  "mx-central-1",
  "sa-east-1",
  "us-east-1",
  "us-east-2",
  "us-gov-east-1",
  "us-gov-west-1",
  "us-west-1",
  "us-west-2"
])

const global = "sts.amazonaws.com"
const regional = /^sts(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws|api\.aws|api\.amazonwebservices)\b/

/** Whether a host is the global endpoint. */
export const isGlobal = (host: string): boolean => host.split(":")[0] === global

/** The only region that requests to a host may be signed for; none where the host's name does not tell. */
export const regionOf = (host: string): string | undefined =>
  isGlobal(host) ? "us-east-1" : regional.exec(host)?.[1]

/** Whether a request to a host may be signed for a region. */
export const serves = (host: string, region: string): boolean =>
  regions.has(region) && (regionOf(host) ?? region) === region
