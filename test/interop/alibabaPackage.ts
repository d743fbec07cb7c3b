/**
 * `@alicloud/credentials` in a process of its own: gets credentials, and says whose they are and where from.
 *
 * The package knows some addresses by heart. Its connections to them are led to where the environment says; what is
 * sent over them is all the package's own.
 */
import Http from "node:http"
import Https from "node:https"
import { createRequire } from "node:module"
import Net from "node:net"
import Tls from "node:tls"
import { serveJobs } from "./jobs.js"

const require = createRequire(import.meta.url)
const credentials = require("@alicloud/credentials") as typeof import("@alicloud/credentials")
const sts = require("@alicloud/sts20150401") as typeof import("@alicloud/sts20150401")
const { $OpenApiUtil } = require("@alicloud/openapi-core") as typeof import("@alicloud/openapi-core")

const { EMULATOR_PORT: plain, EMULATOR_TLS_PORT: tls } = process.env

const metadataHost = "100.100.100.200"
const tlsHosts = ["sts.aliyuncs.com", "oauth.aliyun.com"]

interface Connecting {
  createConnection: (options: Net.TcpNetConnectOpts, done?: () => void) => Net.Socket
}

const plainAgent = Http.Agent.prototype as unknown as Connecting
plainAgent.createConnection = (options, done) =>
  Net.connect(
    options.host === metadataHost ? { ...options, host: "127.0.0.1", port: Number(plain) } : options,
    done
  )

const tlsAgent = Https.Agent.prototype as unknown as Connecting
tlsAgent.createConnection = (options, done) =>
  Tls.connect(
    tlsHosts.includes(options.host ?? "")
      ? { ...options, host: "127.0.0.1", port: Number(tls), servername: "localhost" }
      : options,
    done
  )

await serveJobs(async ({ options }) => {
  const config = options === undefined ? undefined : new credentials.Config(options)
  const credential = new credentials.default(config)
  const { providerName } = await credential.getCredential()
  const client = new sts.default(
    new $OpenApiUtil.Config({ credential, protocol: "HTTP", endpoint: `127.0.0.1:${plain}` })
  )
  return `${(await client.getCallerIdentity()).body?.arn} by ${providerName}`
})
