/**
 * Which modules one call passes through, by the engine's own coverage: a warm AssumeRole over the client for Node, to a
 * server in the same process; and the way from a profile's text to credentials through a new default chain. The sources
 * are compiled one by one, so a module is what a file is. Run, it prints JSON.
 */
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { Session } from "node:inspector/promises"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import * as ConfigProvider from "effect/ConfigProvider"
import type * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { build } from "esbuild"
import { clouds } from "../bench/contenders/clouds.mjs"

export type Cloud = keyof typeof clouds

/** The modules in which a function ran, and how many of their functions. */
export type Walk = Readonly<Record<string, number>>

const root = fileURLToPath(new URL("..", import.meta.url))

/** Compiles all modules into a folder, from where the packages are found that they import. */
const compile = async (): Promise<string> => {
  // By the name that coverage has for it, should it be a link.
  const folder = realpathSync(mkdtempSync(join(root, "node_modules/.walk-")))
  await build({
    absWorkingDir: root,
    entryPoints: readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join("src", file)),
    outdir: folder,
    format: "esm",
    target: "node22",
    tsconfigRaw: "{}"
  })
  return folder
}

interface Caller {
  readonly call: () => Promise<unknown>
  readonly end: () => Promise<void>
}

const door = <Module>(folder: string, name: string): Promise<Module> =>
  import(pathToFileURL(join(folder, `${name}.js`)).href)

/** What calls with everything that is needed for it, and with nothing of this machine's settings. */
const caller = <A, E, R, LE>(effect: Effect.Effect<A, E, R>, layer: Layer.Layer<R, LE>): Caller => {
  const settings = ConfigProvider.layer(ConfigProvider.fromUnknown({}))
  const runtime = ManagedRuntime.make(Layer.merge(layer, settings))
  return { call: () => runtime.runPromise(effect), end: () => runtime.dispose() }
}

const callerOf = async (cloud: Cloud, folder: string, endpoint: string): Promise<Caller> => {
  const { NodeHttp } = await door<typeof import("../src/node.js")>(folder, "node")
  const { Alibaba, Aws, RequestPolicy } = await door<typeof import("../src/index.js")>(folder, "index")
  const { region, request } = clouds[cloud]
  const shared = Layer.merge(NodeHttp.layer, RequestPolicy.layer({ [cloud]: { endpoint, region } }))
  return cloud === "aws"
    ? caller(
        Aws.assumeRole(request),
        Layer.mergeAll(Aws.Static.layer(clouds.aws.key), Aws.SignerV4.layer, shared)
      )
    : caller(
        Alibaba.assumeRole(request),
        Layer.mergeAll(Alibaba.Static.layer(clouds.alibaba.key), Alibaba.SignerAcs3.layer, shared)
      )
}

/** What ran of a folder's modules during a call; before each call is what `prepare` does. */
const during = async (
  folder: string,
  call: () => Promise<unknown>,
  prepare: () => Promise<unknown> = async () => undefined
): Promise<Walk> => {
  const session = new Session()
  session.connect()
  try {
    await session.post("Profiler.enable")
    await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false })
    await prepare()
    await call()
    await prepare()
    // Asked for, it is counted from zero again.
    await session.post("Profiler.takePreciseCoverage")
    await call()
    const { result } = await session.post("Profiler.takePreciseCoverage")
    const home = `${pathToFileURL(folder).href}/`
    const ran = result.flatMap(({ functions, url }) => {
      const count = functions.filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0).length
      return url.startsWith(home) && count > 0
        ? [[`src/${url.slice(home.length).replace(/\.js$/, ".ts")}`, count] as const]
        : []
    })
    return Object.fromEntries(ran.sort(([one], [other]) => (one < other ? -1 : 1)))
  } finally {
    await session.post("Profiler.stopPreciseCoverage")
    session.disconnect()
  }
}

const walkOf = async (cloud: Cloud, folder: string): Promise<Walk> => {
  const { contentType, reply } = clouds[cloud]
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.setHeader("content-type", contentType).end(reply()))
  })
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  const { port } = server.address() as AddressInfo
  const { call, end } = await callerOf(cloud, folder, `http://127.0.0.1:${port}`)
  try {
    // The first calls resolve the endpoint, connect, and fill what is kept.
    for (let warm = 0; warm < 3; warm++) await call()
    return await during(folder, call)
  } finally {
    await end()
    server.close()
  }
}

const { accessKeyId, secretAccessKey } = clouds.aws.key
const { accessKeySecret, accessKeyId: id } = clouds.alibaba.key

/** A profile with a key pair, and the variable that says where its file is. */
const profiles = {
  aws: {
    variable: "AWS_CONFIG_FILE",
    text: `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`
  },
  alibaba: {
    variable: "ALIBABA_CLOUD_CONFIG_FILE",
    text: JSON.stringify({
      current: "default",
      profiles: [{ name: "default", mode: "AK", access_key_id: id, access_key_secret: accessKeySecret }]
    })
  }
} as const

const chainWalkOf = async (cloud: Cloud, folder: string): Promise<Walk> => {
  const { Alibaba, Aws } = await door<typeof import("../src/index.js")>(folder, "index")
  const { layer } = await door<typeof import("../src/layers/Node.js")>(folder, "layers/Node")
  const { text, variable } = profiles[cloud]
  const file = join(folder, cloud)
  writeFileSync(file, text, { mode: 0o600 })
  const nowhere = join(folder, "nowhere")
  const settings = { HOME: nowhere, [variable]: file }
  const signer = Layer.merge(Alibaba.SignerAcs3.layer, Aws.SignerV4.layer)
  const runtime = ManagedRuntime.make(
    Layer.mergeAll(layer, signer, ConfigProvider.layer(ConfigProvider.fromUnknown(settings)))
  )
  type Services = Layer.Success<typeof layer> | Layer.Success<typeof signer>
  const making: Effect.Effect<{ readonly get: Effect.Effect<unknown, unknown> }, never, Services> =
    cloud === "aws" ? Aws.DefaultChain.make() : Alibaba.DefaultChain.make()
  let get: Effect.Effect<unknown, unknown>
  const prepare = async () => {
    get = (await runtime.runPromise(making)).get
  }
  try {
    return await during(folder, () => runtime.runPromise(get), prepare)
  } finally {
    await runtime.dispose()
  }
}

/** The walks of a call to each cloud, and from a profile's text to its credentials. */
export interface Walks {
  readonly calls: Readonly<Record<Cloud, Walk>>
  readonly profiles: Readonly<Record<Cloud, Walk>>
}

export const walks = async (): Promise<Walks> => {
  const folder = await compile()
  try {
    return {
      calls: { aws: await walkOf("aws", folder), alibaba: await walkOf("alibaba", folder) },
      profiles: { aws: await chainWalkOf("aws", folder), alibaba: await chainWalkOf("alibaba", folder) }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(JSON.stringify(await walks()))
