// A server, servers with TLS (one asks for a client's certificate), a port that never speaks TLS, an HTTP and a SOCKS5
// proxy, in a thread of their own: the thread that tests may be blocked.
import { readFileSync } from "node:fs"
import http from "node:http"
import https from "node:https"
import net from "node:net"
import { parentPort, workerData } from "node:worker_threads"

const [requests, underWay, mostUnderWay, cutShort, connections, openConnections] = [0, 1, 2, 3, 4, 5]
const counts = new Int32Array(workerData.counts)

const file = (name) => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url))

const json = (response, value, headers = {}) => {
  const body = JSON.stringify(value)
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    ...headers
  })
  response.end(body)
}

const answers = {
  "/echo": ({ request, body, response }) =>
    json(response, { method: request.method, url: request.url, headers: request.headers, body }),
  "/from": ({ request, response }) => json(response, request.socket.remoteAddress),
  "/slow": ({ url, response }) =>
    setTimeout(() => json(response, "slow"), Number(url.searchParams.get("ms"))),
  "/bytes": ({ request, response, raw }) =>
    json(response, [...raw], { "x-length": request.headers["content-length"] }),
  "/big": ({ url, response }) => {
    const bytes = Number(url.searchParams.get("bytes"))
    if (url.searchParams.has("announced")) {
      response.writeHead(200, { "content-length": bytes })
      response.flushHeaders()
    } else {
      response.write(Buffer.alloc(bytes, "x"))
    }
  },
  "/large": ({ url, response }) => response.end(Buffer.alloc(Number(url.searchParams.get("bytes")), "y")),
  "/cut": ({ response }) => {
    response.writeHead(200, { "content-length": 100, "x-request-id": "cut" })
    response.write("ten bytes.")
    setTimeout(() => response.destroy(), 20)
  },
  "/reset": ({ request }) => request.socket.destroy(),
  "/hang": () => {},
  "/redirect": ({ response }) => response.writeHead(302, { location: "/echo" }).end(),
  "/redirect/": ({ response }) => response.writeHead(302, { location: "/echo" }).end(),
  "/switching": ({ request }) =>
    request.socket.end("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"),
  "/cookies": ({ response }) => json(response, "cookies", { "set-cookie": ["a=1", "b=2"] }),
  "/once": ({ request, response }) => {
    request.socket.spent = true
    json(response, "once")
  }
}

const enter = () => {
  Atomics.add(counts, requests, 1)
  const now = Atomics.add(counts, underWay, 1) + 1
  if (now > Atomics.load(counts, mostUnderWay)) Atomics.store(counts, mostUnderWay, now)
}

const serve = (request, response) => {
  if (request.socket.spent) return request.socket.destroy()
  enter()
  response.on("close", () => {
    Atomics.sub(counts, underWay, 1)
    if (!response.writableFinished) Atomics.add(counts, cutShort, 1)
    Atomics.notify(counts, cutShort)
  })
  const chunks = []
  request.on("data", (chunk) => chunks.push(chunk))
  request.on("end", () => {
    const raw = Buffer.concat(chunks)
    const url = new URL(request.url, "http://stub")
    answers[url.pathname]?.({ request, response, url, raw, body: raw.toString() })
  })
}

const seen = { tunnels: 0, absolute: 0, authorization: [], socks: [] }

const proxy = http.createServer((request, response) => {
  if (request.url === "/seen") return json(response, seen)
  seen.absolute++
  seen.authorization.push(request.headers["proxy-authorization"] ?? null)
  const { "proxy-authorization": _, ...headers } = request.headers
  request.pipe(
    http.request(request.url, { method: request.method, headers }, (reply) => {
      response.writeHead(reply.statusCode, { ...reply.headers, via: "stub" })
      reply.pipe(response)
    })
  )
})

proxy.on("connect", (request, socket) => {
  seen.authorization.push(request.headers["proxy-authorization"] ?? null)
  socket.on("error", () => {})
  if (request.url.startsWith("refused."))
    return socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
  if (request.url.startsWith("hanging.")) return
  seen.tunnels++
  const [, port] = request.url.split(":")
  const through = net.connect(Number(port), "127.0.0.1", () => {
    socket.write("HTTP/1.1 200 OK\r\n\r\n")
    through.pipe(socket).pipe(through)
  })
  through.on("error", () => socket.destroy())
})

// RFC 1928 and 1929, as far as a test needs them: what comes first, what is asked in order, and then the tunnel.
const socks = net.createServer(async (socket) => {
  socket.on("error", () => {})
  const replies = socket[Symbol.asyncIterator]()
  const read = async () => (await replies.next()).value ?? Buffer.alloc(4)
  const methods = (await read()).subarray(2)
  if (methods.includes(2)) {
    socket.write(Buffer.from([5, 2]))
    const asked = await read()
    const user = asked.subarray(2, 2 + asked[1]).toString()
    const password = asked.subarray(3 + asked[1]).toString()
    seen.socks.push(`user ${user}`)
    socket.write(Buffer.from([1, password === "hush-hush" ? 0 : 1]))
    if (password !== "hush-hush") return socket.end()
  } else socket.write(Buffer.from([5, 0]))
  const asked = await read()
  const named = asked[3] === 3
  const host = named ? asked.subarray(5, 5 + asked[4]).toString() : [...asked.subarray(4, 8)].join(".")
  const port = asked.readUInt16BE(asked.length - 2)
  seen.socks.push(`${named ? "name" : "address"} ${host}`)
  if (host.startsWith("hanging.")) return
  if (host.startsWith("refused.")) return socket.end(Buffer.from([5, 2, 0, 1, 0, 0, 0, 0, 0, 0]))
  const through = net.connect(port, "127.0.0.1", () => {
    socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]))
    through.pipe(socket)
    const onward = async () => {
      for await (const chunk of { [Symbol.asyncIterator]: () => replies }) through.write(chunk)
      through.end()
    }
    onward().catch(() => through.destroy())
  })
  through.on("error", () => socket.destroy())
})

const pair = { key: file("localhost-key.txt"), cert: file("localhost-certificate.txt") }
const plain = http.createServer({ keepAliveTimeout: 60_000 }, serve)
const secure = https.createServer({ ...pair, keepAliveTimeout: 60_000 }, serve)
const mutual = https.createServer(
  { ...pair, ca: pair.cert, requestCert: true, rejectUnauthorized: true },
  serve
)
for (const server of [plain, secure, mutual]) {
  server.on(server === plain ? "connection" : "secureConnection", (socket) => {
    Atomics.add(counts, connections, 1)
    Atomics.add(counts, openConnections, 1)
    socket.on("error", () => {})
    socket.on("close", () => Atomics.sub(counts, openConnections, 1))
  })
}
const silent = net.createServer((socket) => socket.on("error", () => {}))

const listen = (server) =>
  new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)))

const [plainPort, securePort, mutualPort, silentPort, proxyPort, socksPort] = await Promise.all(
  [plain, secure, mutual, silent, proxy, socks].map(listen)
)
parentPort.postMessage({ plainPort, securePort, mutualPort, silentPort, proxyPort, socksPort })
