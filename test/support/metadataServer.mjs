// Metadata services and credential endpoints of both clouds on a loopback port, and a proxy that answers nothing but
// counts, in a thread of their own: the thread that tests may be blocked.
import http from "node:http"
import { parentPort, workerData } from "node:worker_threads"

const proxied = new Int32Array(workerData.proxied)

const aws = {
  Code: "Success",
  AccessKeyId: "ASIAEXAMPLE",
  SecretAccessKey: "secret",
  Token: "token",
  Expiration: "2099-01-01T00:00:00Z"
}

const alibaba = {
  Code: "Success",
  AccessKeyId: "STS.Example",
  AccessKeySecret: "secret",
  SecurityToken: "token",
  Expiration: "2099-01-01T00:00:00Z"
}

const session = ({ headers }) => {
  const ttl = Object.keys(headers).find((name) => name.endsWith("-metadata-token-ttl-seconds"))
  return ttl === undefined ? [400, ""] : [200, "session-token", { [ttl]: headers[ttl] }]
}

const within = (header, answer) => (request) =>
  request.headers[header] === "session-token" ? answer : [401, ""]

const ec2 = (answer) => within("x-aws-ec2-metadata-token", answer)
const ecs = (answer) => within("x-aliyun-ecs-metadata-token", answer)

const answers = {
  "PUT /latest/api/token": session,
  "GET /latest/meta-data/iam/security-credentials/": ec2([200, "web"]),
  "GET /latest/meta-data/iam/security-credentials/web": ec2([200, JSON.stringify(aws)]),
  "GET /latest/meta-data/ram/security-credentials/": ecs([200, "web"]),
  "GET /latest/meta-data/ram/security-credentials/web": ecs([200, JSON.stringify(alibaba)]),
  "GET /container": ({ headers }) =>
    headers.authorization === "Bearer t" ? [200, JSON.stringify(aws)] : [401, ""],
  "GET /uri": () => [200, JSON.stringify(alibaba)],
  "GET /moved": () => [307, "", { location: "/uri" }]
}

const server = http.createServer((request, response) => {
  const [status, body, headers] = answers[`${request.method} ${request.url}`]?.(request) ?? [404, ""]
  response.writeHead(status, { "x-host": request.headers.host, ...headers }).end(body)
})

const proxy = http.createServer((_, response) => {
  Atomics.add(proxied, 0, 1)
  response.writeHead(502).end()
})

const listen = (one) =>
  new Promise((resolve) => one.listen(0, "127.0.0.1", () => resolve(one.address().port)))

const [port, proxyPort] = await Promise.all([server, proxy].map(listen))
parentPort.postMessage({ port, proxyPort })
