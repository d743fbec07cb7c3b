import { createPrivateKey, generateKeyPairSync } from "node:crypto"
import { inspect } from "node:util"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { ClientOptions } from "../../../src/layers/http/clientOptions.js"
import { StsConfigError } from "../../../src/schemas/StsError.js"
import { type BufferedResponse, ExchangeFault, faultCodes } from "../../../src/services/HttpReply.js"
import { type ClientError, causeOf, reasonOf, responseOf } from "../../../src/services/platformHttp.js"
import { type Options as PolicyOptions, RequestPolicy } from "../../../src/services/RequestPolicy.js"
import { sendRequest } from "../../../src/services/SourceRequest.js"
import { certificate, eventually, privateKey, type Stub, startStub } from "./stub.js"

export interface Subject {
  readonly name: string
  readonly layer: (options: ClientOptions) => Layer.Layer<HttpClient.HttpClient, StsConfigError>
  readonly run: <A, E>(effect: Effect.Effect<A, E>) => Promise<A>
}

interface Echo {
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string>
  readonly body: string
}

const secret = "hush-hush"

const encrypted = (key: string, passphrase: string): string =>
  createPrivateKey(key).export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase }).toString()

const foreignKey = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" }
}).privateKey

const send = (request: HttpClientRequest.HttpClientRequest) =>
  Effect.flatMap(HttpClient.HttpClient, (client) =>
    Effect.map(client.execute(request), (reply) => reply as BufferedResponse)
  )

const get = (url: string) => send(HttpClientRequest.get(url, { headers: { authorization: secret } }))

const json = (url: string) => Effect.map(get(url), (reply): unknown => JSON.parse(reply.bodyText))

const adjusted = (options: PolicyOptions) => RequestPolicy.adjust(options)

/** The code of a failure, which must hold nothing of the request beside the platform's own field. */
const codeOf = (error: ClientError | StsConfigError) => {
  assert.notInstanceOf(error, StsConfigError)
  const cause = causeOf(error as ClientError)
  assert.instanceOf(cause, ExchangeFault)
  assert.notInclude(inspect(cause, { depth: null, showHidden: true }), secret)
  return (cause as ExchangeFault).code
}

/** What every HTTP client of this package does alike. */
export const contract = ({ layer, name, run }: Subject) =>
  describe(name, () => {
    let stub: Stub
    const plain = layer({ proxy: false })
    const secure = layer({ proxy: false, ca: certificate })
    beforeAll(async () => {
      stub = await startStub()
    })
    afterAll(() => stub.close())

    const over = <A, E>(
      effect: Effect.Effect<A, E, HttpClient.HttpClient>,
      client: Layer.Layer<HttpClient.HttpClient, StsConfigError> = plain
    ) => run(effect.pipe(Effect.provide(client)))

    const fault = <A>(
      effect: Effect.Effect<A, ClientError | StsConfigError, HttpClient.HttpClient>,
      client = plain
    ) => over(Effect.flip(effect), client)

    const seenByProxy = () =>
      over(json(`${stub.proxyUrl}/seen`)) as Promise<{
        tunnels: number
        absolute: number
        authorization: Array<string | null>
        socks: Array<string>
      }>

    it("sends exactly the given request", async () => {
      const request = HttpClientRequest.post(`${stub.url}/echo`, {
        headers: { "x-given": "1" },
        body: HttpBody.raw("a=1", { contentType: "text/plain" })
      })
      const reply = await over(Effect.withSpan(send(request), "around"))
      assert.strictEqual(reply.status, 200)
      const { body, headers, method, url } = JSON.parse(reply.bodyText) as Echo
      assert.deepStrictEqual({ body, method, url }, { body: "a=1", method: "POST", url: "/echo" })
      const given = ["connection", "content-length", "content-type", "host", "x-given"]
      assert.deepStrictEqual(Object.keys(headers).sort(), given)
    })

    it("sends bytes, and query parameters that are apart from the URL", async () => {
      const bytes = new Uint8Array([0, 255, 128])
      const request = HttpClientRequest.post(`${stub.url}/bytes`, { body: HttpBody.uint8Array(bytes) })
      assert.strictEqual((await over(send(request))).bodyText, "[0,255,128]")
      const asked = HttpClientRequest.get(`${stub.url}/echo`, { urlParams: { a: "b c" } })
      assert.strictEqual((JSON.parse((await over(send(asked))).bodyText) as Echo).url, "/echo?a=b+c")
    })

    it("refuses invalid requests", async () => {
      const form = HttpClientRequest.post(`${stub.url}/echo`, { body: HttpBody.formData(new FormData()) })
      const header = HttpClientRequest.get(`${stub.url}/echo`, { headers: { "x-bad": "a\nb" } })
      for (const [request, reason] of [
        [form, "Encode"],
        [header, "Encode"],
        [HttpClientRequest.get("ftp://localhost/"), "InvalidUrl"],
        [HttpClientRequest.get("http://user:word@localhost/"), "InvalidUrl"],
        [HttpClientRequest.get("/relative"), "InvalidUrl"]
      ] as const) {
        assert.strictEqual(reasonOf((await fault(send(request))) as ClientError), reason)
      }
    })

    it("does not follow redirects", async () => {
      assert.strictEqual((await over(get(`${stub.url}/redirect`))).status, 302)
    })

    it("joins repeated headers", async () => {
      assert.strictEqual((await over(get(`${stub.url}/cookies`))).rawHeaders["set-cookie"], "a=1, b=2")
    })

    it("collects a chunked reply", async () => {
      assert.strictEqual((await over(get(`${stub.url}/large?bytes=500000`))).body.length, 500_000)
    })

    it("reports why there is no reply", async () => {
      assert.strictEqual(codeOf(await fault(get("http://127.0.0.1:1/"))), "ECONNREFUSED")
      assert.strictEqual(codeOf(await fault(get(`${stub.url}/reset`))), "ECONNRESET")
      assert.strictEqual(codeOf(await fault(get(`${stub.url}/switching`))), "ECONNRESET")
      assert.match(codeOf(await fault(get("http://nowhere.invalid/"))), /^(ENOTFOUND|EAI_AGAIN)$/)
    })

    it("reports a cut reply, with status and headers", async () => {
      const error = await fault(get(`${stub.url}/cut`))
      assert.strictEqual(codeOf(error), "ECONNRESET")
      const response = responseOf(error as ClientError)
      assert.strictEqual((response as BufferedResponse).rawHeaders["x-request-id"], "cut")
    })

    it("times out while connecting", async () => {
      const error = await fault(get(stub.silentUrl).pipe(adjusted({ connectTimeout: 200 })))
      assert.strictEqual(codeOf(error), faultCodes.connectTimeout)
    })

    it.each(["bytes=2000", "bytes=2000&announced"])("gives up a reply over the bound: %s", async (query) => {
      stub.reset()
      const error = await fault(get(`${stub.url}/big?${query}`).pipe(adjusted({ maxReplyBytes: 1999 })))
      assert.strictEqual(codeOf(error), faultCodes.replyTooLarge)
      assert.strictEqual(responseOf(error as ClientError)?.status, 200)
      assert.isTrue(await eventually(() => stub.counts().cutShort === 1))
    })

    it("aborts the request of an interrupted fiber", async () => {
      stub.reset()
      const result = await over(Effect.timeoutOption(get(`${stub.url}/hang`), 500))
      assert.strictEqual(result._tag, "None")
      assert.isTrue(await eventually(() => stub.counts().cutShort === 1))
    })

    it("reuses connections", async () => {
      stub.reset()
      const burst = Effect.replicateEffect(get(`${stub.url}/echo`), 8, { concurrency: "unbounded" })
      await over(Effect.repeat(burst, { times: 9 }))
      const { connections, requests } = stub.counts()
      assert.strictEqual(requests, 80)
      assert.isAtMost(connections, 8)
    })

    it("reports a closed kept-alive connection, and opens another", async () => {
      const codes = await over(
        Effect.gen(function* () {
          yield* get(`${stub.url}/once`)
          const stale = yield* Effect.flip(get(`${stub.url}/echo`))
          return [codeOf(stale), (yield* get(`${stub.url}/echo`)).status]
        }),
        layer({ proxy: false, ca: certificate })
      )
      assert.deepStrictEqual(codes, ["ECONNRESET", 200])
    })

    it("trusts the given certificates", async () => {
      assert.strictEqual((await over(get(`${stub.secureUrl}/echo`), secure)).status, 200)
      assert.strictEqual(codeOf(await fault(get(`${stub.secureUrl}/echo`))), "DEPTH_ZERO_SELF_SIGNED_CERT")
      const foreign = stub.secureUrl.replace("localhost", "127.0.0.2")
      assert.match(codeOf(await fault(get(foreign), secure)), /ERR_TLS_CERT_ALTNAME_INVALID|ECONNREFUSED/)
    })

    it("always checks certificates, whatever the environment says", async () => {
      process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0"
      try {
        const code = codeOf(
          await fault(get(`${stub.secureUrl}/echo`), layer({ proxy: false, localAddress: "127.0.0.1" }))
        )
        assert.strictEqual(code, "DEPTH_ZERO_SELF_SIGNED_CERT")
      } finally {
        delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"]
      }
    })

    it("sends a client certificate", async () => {
      const own = {
        proxy: false,
        ca: certificate,
        cert: certificate,
        key: Redacted.make(privateKey)
      } as const
      assert.strictEqual((await over(get(`${stub.mutualUrl}/echo`), layer(own))).status, 200)
      const { passphrase, sealed } = { passphrase: "word", sealed: encrypted(privateKey, "word") }
      const locked = layer({ ...own, key: sealed, passphrase })
      assert.strictEqual((await over(get(`${stub.mutualUrl}/echo`), locked)).status, 200)
      const throughProxy = layer({ ...own, proxy: stub.proxyUrl })
      assert.strictEqual((await over(get(`${stub.mutualUrl}/echo`), throughProxy)).status, 200)
      assert.match(
        codeOf(await fault(get(`${stub.mutualUrl}/echo`), secure)),
        /CERTIFICATE_REQUIRED|ECONNRESET|EPIPE/
      )
    })

    it("connects from the given local address", async () => {
      const from = (localAddress: string) =>
        over(json(`${stub.url}/from`), layer({ proxy: false, localAddress }))
      assert.strictEqual(await from("127.0.0.5"), "127.0.0.5")
      assert.strictEqual(await from("127.0.0.6"), "127.0.0.6")
    })

    it.each([
      ["ca", { ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" }],
      ["proxy", { proxy: "socks4://localhost" }],
      ["proxy", { proxy: `http://u:${secret}@[` }],
      ["key", { cert: certificate }],
      ["cert", { key: privateKey }],
      ["cert", { cert: secret, key: privateKey }],
      ["key", { cert: certificate, key: secret }],
      ["key", { cert: certificate, key: encrypted(privateKey, "word"), passphrase: secret }],
      ["key", { cert: certificate, key: foreignKey }],
      ["localAddress", { localAddress: "eth0" }]
    ] as const)("refuses what cannot be: %s", async (key, options) => {
      const error = await run(
        Effect.flip(Layer.build(layer({ proxy: false, ...options })).pipe(Effect.scoped))
      )
      assert.instanceOf(error, StsConfigError)
      assert.strictEqual(error.key, key)
      assert.notInclude(error.message, secret)
    })

    it("uses the environment's proxy, with CONNECT for TLS", async () => {
      const before = await seenByProxy()
      const proxy = stub.proxyUrl.replace("//", `//user:${secret}@`)
      const environment = ConfigProvider.fromUnknown({
        https_proxy: proxy,
        HTTP_PROXY: proxy,
        NO_PROXY: "excepted.test"
      })
      const proxied = layer({ ca: certificate }).pipe(Layer.provide(ConfigProvider.layer(environment)))
      const replies = await over(
        Effect.all([get(`${stub.secureUrl}/echo`), get(`${stub.secureUrl}/echo`), get(`${stub.url}/echo`)]),
        proxied
      )
      assert.deepStrictEqual(
        replies.map(({ rawHeaders, status }) => [status, rawHeaders["via"]]),
        [
          [200, undefined],
          [200, undefined],
          [200, "stub"]
        ]
      )
      const echoes = replies.map((reply) => JSON.parse(reply.bodyText) as Echo)
      assert.strictEqual(echoes[2]?.headers["host"], new URL(stub.url).host)
      assert.notInclude(JSON.stringify(echoes), "proxy-authorization")
      const after = await seenByProxy()
      assert.deepStrictEqual([after.tunnels, after.absolute], [before.tunnels + 1, before.absolute + 1])
      const expected = `Basic ${Buffer.from(`user:${secret}`).toString("base64")}`
      assert.deepStrictEqual(after.authorization.slice(before.authorization.length), [expected, expected])
    })

    it("uses a SOCKS5 proxy, which resolves names for socks5h only", async () => {
      const before = (await seenByProxy()).socks.length
      const here = layer({ ca: certificate, proxy: `socks5://user:${secret}@${stub.socks}` })
      const replies = await over(
        Effect.all([get(`${stub.secureUrl}/echo`), get(`${stub.url}/echo`), get(`${stub.url}/echo`)]),
        here
      )
      assert.deepStrictEqual(
        replies.map(({ status }) => status),
        [200, 200, 200]
      )
      const there = layer({ proxy: `socks5h://${stub.socks}` })
      assert.strictEqual(
        (await over(get(stub.url.replace("127.0.0.1", "far.test").concat("/echo")), there)).status,
        200
      )
      const address = ["user user", "address 127.0.0.1"]
      assert.deepStrictEqual((await seenByProxy()).socks.slice(before), [
        ...address,
        ...address,
        "name far.test"
      ])
    })

    it("reports SOCKS5 proxy failures without its password", async () => {
      const through = (proxy: string) => layer({ proxy })
      const denied = await fault(
        get("http://a.test/"),
        through(`socks5h://user:wrong-${secret}@${stub.socks}`)
      )
      assert.strictEqual(codeOf(denied), faultCodes.proxy)
      const refused = await fault(get("https://refused.test/"), through(`socks5h://${stub.socks}`))
      assert.strictEqual(codeOf(refused), faultCodes.proxy)
      const absent = await fault(get("https://a.test/"), through("socks5h://127.0.0.1:1"))
      assert.strictEqual(codeOf(absent), "ECONNREFUSED")
      const hanging = get("https://hanging.test/").pipe(adjusted({ connectTimeout: 200 }))
      assert.strictEqual(
        codeOf(await fault(hanging, through(`socks5h://${stub.socks}`))),
        faultCodes.connectTimeout
      )
    })

    it("bypasses the proxy when told to", async () => {
      const before = await seenByProxy()
      await over(get(`${stub.url}/echo`), layer({ proxy: stub.proxyUrl, noProxy: "127.0.0.1" }))
      assert.deepStrictEqual(await seenByProxy(), before)
    })

    it("bypasses the proxy for requests that no proxy may see", async () => {
      const before = await seenByProxy()
      const { port } = new URL(stub.url)
      const environment = ConfigProvider.fromUnknown({ HTTP_PROXY: stub.proxyUrl })
      const proxied = layer({}).pipe(Layer.provide(ConfigProvider.layer(environment)))
      const asked = Effect.flatMap(HttpClient.HttpClient, (client) =>
        sendRequest(client, {
          cloud: "aws",
          operation: "test",
          method: "GET",
          url: `http://metadata.invalid:${port}/echo`,
          addresses: ["127.0.0.3", "127.0.0.1"],
          direct: true,
          timeout: 5_000
        })
      )
      const reply = await over(asked, proxied)
      assert.strictEqual((JSON.parse(reply.body) as Echo).headers["host"], `metadata.invalid:${port}`)
      assert.deepStrictEqual(await seenByProxy(), before)
    })

    it("reports proxy failures without its password", async () => {
      const proxied = layer({ proxy: stub.proxyUrl.replace("//", `//user:${secret}@`) })
      const refused = await fault(get("https://refused.test/"), proxied)
      assert.strictEqual(codeOf(refused), faultCodes.proxy)
      const hanging = get("https://hanging.test/").pipe(adjusted({ connectTimeout: 200 }))
      assert.strictEqual(codeOf(await fault(hanging, proxied)), faultCodes.connectTimeout)
    })
  })
