/**
 * moto's server: AWS as others emulate it.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:net"

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  return typeof address === "object" && address !== null ? address.port : 0
}

const answers = async (url: string, patience = 15_000): Promise<void> => {
  const end = Date.now() + patience
  for (;;) {
    const reply = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
    if (reply !== undefined) return
    if (Date.now() > end) throw new Error(`moto_server did not answer at ${url}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

export interface Moto {
  readonly endpoint: string
  readonly close: () => Promise<void>
}

/** Starts a server, which checks the signatures of no request. */
export const openMoto = async (): Promise<Moto> => {
  const port = await freePort()
  const endpoint = `http://127.0.0.1:${port}`
  const server = spawn("moto_server", ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" })
  const closed = once(server, "close")
  const close = async () => {
    server.kill("SIGKILL")
    await closed
  }
  try {
    await answers(`${endpoint}/moto-api/`)
  } catch (error) {
    await close()
    throw error
  }
  return { endpoint, close }
}

const post = async (url: string, body: URLSearchParams | string, headers: Record<string, string> = {}) => {
  const reply = await fetch(url, { method: "POST", body, headers, signal: AbortSignal.timeout(15_000) })
  const text = await reply.text()
  if (!reply.ok) throw new Error(`moto answered ${reply.status}: ${text}`)
  return text
}

/** Tells the server's IAM something. The header says no more than which service is meant. */
const iam = (endpoint: string, action: string, parameters: Readonly<Record<string, string>>) =>
  post(`${endpoint}/`, new URLSearchParams({ Action: action, Version: "2010-05-08", ...parameters }), {
    authorization:
      "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0"
  })

const element = (xml: string, name: string): string =>
  new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml)?.[1] ?? ""

const policy = (statement: object): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] })

/** A user with a key, and a role. */
export interface Known {
  readonly userArn: string
  readonly roleArn: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Makes a user who may do everything, and a role that the user may assume. From here on signatures are checked. */
export const checkSignatures = async ({ endpoint }: Moto): Promise<Known> => {
  const UserName = "reader"
  const user = await iam(endpoint, "CreateUser", { UserName })
  const key = await iam(endpoint, "CreateAccessKey", { UserName })
  await iam(endpoint, "PutUserPolicy", {
    UserName,
    PolicyName: "everything",
    PolicyDocument: policy({ Action: "*", Resource: "*" })
  })
  const role = await iam(endpoint, "CreateRole", {
    RoleName: "reports",
    AssumeRolePolicyDocument: policy({ Action: "sts:AssumeRole", Principal: { AWS: "*" } })
  })
  await post(`${endpoint}/moto-api/reset-auth`, "0")
  return {
    userArn: element(user, "Arn"),
    roleArn: element(role, "Arn"),
    accessKeyId: element(key, "AccessKeyId"),
    secretAccessKey: element(key, "SecretAccessKey")
  }
}
