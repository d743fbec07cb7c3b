/**
 * Everybody whom sources ask over HTTP, in a process of its own, for a thread that blocks: on a port, which it
 * prints. Whom a request is meant for stands in a header, and another header may want it refused.
 */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { answer } from "./endpoints.js"
import { echoOf, refused } from "./refusal.js"

const server = createServer((request, response) => {
  const chunks: Array<Buffer> = []
  request.on("data", (chunk: Buffer) => chunks.push(chunk))
  request.on("end", () => {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)])
    )
    const body = Buffer.concat(chunks).toString()
    const asked = { method: request.method ?? "", url: headers["x-meant-for"] ?? "", headers, body }
    const well = answer(asked, Date.now())
    const refuses = headers["x-refuse"] !== undefined
    const given = refuses ? refused(well, echoOf(asked), 403, "AccessDenied") : well
    response.writeHead(given.status, given.headers).end(given.body)
  })
}).listen(0, "127.0.0.1", () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})

process.stdin.on("end", () => process.exit()).resume()
