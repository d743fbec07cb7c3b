/** OpenTelemetry's names for what spans and metrics tell; docs/observability.md has them all. */
import type { Cloud } from "../schemas/StsError.js"

const systems: Readonly<Record<Cloud, string>> = { alibaba: "alibaba-cloud-api", aws: "aws-api" }

/** Which operation a span or a series is about. */
export const operationAttributes = (cloud: Cloud, operation: string) => ({
  "rpc.system": systems[cloud],
  "rpc.service": "STS",
  "rpc.method": operation
})

const requestIds: Readonly<Record<Cloud, string>> = {
  alibaba: "alibaba_cloud.request_id",
  aws: "aws.request_id"
}

/** The attribute that holds the service's request id. */
export const requestIdAttribute = (cloud: Cloud): string => requestIds[cloud]

/** Where a request goes. */
export const serverAttributes = (url: string) => {
  const { hostname, port, protocol } = new URL(url)
  return {
    "server.address": hostname.replace(/^\[|\]$/g, ""),
    "server.port": port === "" ? (protocol === "http:" ? 80 : 443) : Number(port)
  }
}

const providers: Readonly<Record<Cloud, string>> = { alibaba: "alibaba_cloud", aws: "aws" }

/** Whose credentials a span or a series is about. */
export const providerAttributes = (cloud: Cloud) => ({ "cloud.provider": providers[cloud] })

/** The bounds, in seconds, that are advised for the duration of calls. */
export const durationBounds: ReadonlyArray<number> = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10
]
