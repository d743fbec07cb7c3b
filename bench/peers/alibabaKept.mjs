/**
 * Credentials that Alibaba Cloud's own package keeps. Its source of a role speaks to nothing but HTTPS; the one that asks a
 * URI keeps them by the same means.
 */
import { createServer } from "node:http"
import { createRequire } from "node:module"
import { promised } from "../contenders/contender.mjs"

const require = createRequire(import.meta.url)
const { URICredentialsProvider } = require("@alicloud/credentials")

const answer = JSON.stringify({
  Code: "Success",
  AccessKeyId: "STS.NUgYrLnoC37mZZCNnAbez",
  AccessKeySecret: "CVwjCkNzTMupZ8NbTCxCBRq3K16jtcWFTJAyBEv2",
  SecurityToken: "CAIS",
  Expiration: "2099-01-01T00:00:00Z"
})

export const open = async () => {
  let requests = 0
  const server = createServer((_, reply) => {
    requests++
    reply.end(answer)
  })
  await new Promise((resolve) => server.listen(0, "127.0.0.1", 4096, resolve))
  const provider = URICredentialsProvider.builder()
    .withCredentialsURI(`http://127.0.0.1:${server.address().port}/`)
    .build()
  const read = () => provider.getCredentials()
  const storm = async (count) => {
    await Promise.all(Array.from({ length: count }, read))
    return requests
  }
  return { ...promised(read), storm }
}
