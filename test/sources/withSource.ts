/**
 * Runs a program with one of the listed sources: in a home directory of its own on the disk, with an environment, real
 * commands, and endpoints that answer over HTTP.
 */
import { randomUUID } from "node:crypto"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import * as Clock from "effect/Clock"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Redacted from "effect/Redacted"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { type Cloud, type CredentialSource, MfaTokenCode } from "../../src/index.js"
import { fileSystem } from "../../src/layers/blocking/SyncFileSystem.js"
import { BufferedResponse } from "../../src/services/HttpReply.js"
import type { ClientError } from "../../src/services/platformHttp.js"
import { tokenCode } from "../leaks/planted.js"
import { type Answered, type Asked, answer, nameOf } from "./endpoints.js"
import { instantCommands } from "./instantCommands.js"

export type Services = Aws.Profile.Services | Alibaba.CliProfile.Services

/** What the credentials of both clouds have in common. */
export interface Given {
  readonly accessKeyId: string
}

/** How a source is set up. */
export interface Setup {
  readonly env?: Readonly<Record<string, string>>
  /** By their paths below the home directory. */
  readonly files?: Readonly<Record<string, string>>
  readonly source: Effect.Effect<CredentialSource<Given>, never, Services>
}

/** A source in the list of all. */
export interface Listed {
  readonly name: string
  readonly cloud: Cloud
  /** The access key that it gives. */
  readonly id: string
  /** The end of the path of the file that it is configured in, which errors are to name. */
  readonly place?: string
  /** Whether somebody has said that there is such a source, and not only may be. */
  readonly configured: boolean
  readonly setup: (home: string) => Setup
}

export type Answer = (
  request: HttpClientRequest.HttpClientRequest,
  well: (now: number) => Answered,
  now: number
) => Effect.Effect<HttpClientResponse.HttpClientResponse, ClientError>

/** An answer that is to be given instead of the right one, if any. */
export type Trouble = (name: string) => Answer | undefined

export interface Sent {
  readonly name: string
  readonly url: string
}

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): string => {
  if (body._tag === "Uint8Array") return new TextDecoder().decode(body.body)
  return body._tag === "Raw" ? String(body.body) : ""
}

export const askedOf = (request: HttpClientRequest.HttpClientRequest): Asked => ({
  method: request.method,
  url: request.url,
  headers: { ...request.headers },
  body: bodyOf(request)
})

/** A response whose body is at hand. */
export const answered = (
  request: HttpClientRequest.HttpClientRequest,
  { body, headers, status }: Answered
): BufferedResponse => new BufferedResponse(request, status, headers, new TextEncoder().encode(body))

const clientOf = (sent: Array<Sent>, trouble: Trouble): HttpClient.HttpClient =>
  HttpClient.makeWith<never, never, ClientError, never>(
    Effect.flatMap((request) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        const asked = askedOf(request)
        const name = nameOf(asked)
        sent.push({ name, url: request.url })
        const well = (then: number) => answer(asked, then)
        return trouble(name)?.(request, well, now) ?? Effect.succeed(answered(request, well(now)))
      })
    ),
    Effect.succeed
  )

/** What a source did. */
export interface Seen {
  readonly home: string
  readonly sent: ReadonlyArray<Sent>
  /** The words of commands that were run. */
  readonly words: ReadonlyArray<string>
}

export interface Conditions {
  readonly trouble?: Trouble
  /** What one of the source's files holds instead, by its path below the home directory. */
  readonly rewrite?: { readonly path: string; readonly change: (text: string) => string | Uint8Array }
  /** What is done to the home directory before the source is asked. */
  readonly before?: (home: string) => void
  /** Wraps the file system. */
  readonly fileSystem?: (fs: FileSystem.FileSystem, home: string) => FileSystem.FileSystem
  /** A client to use instead of the one that answers without a socket. */
  readonly http?: Layer.Layer<HttpClient.HttpClient>
  /** What is done to the client. */
  readonly decorate?: (client: HttpClient.HttpClient) => HttpClient.HttpClient
}

const write = (home: string, files: Setup["files"] = {}, rewrite: Conditions["rewrite"]): void => {
  for (const [name, text] of Object.entries(files)) {
    const path = join(home, name)
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, name === rewrite?.path ? rewrite.change(text) : text, { mode: 0o600 })
  }
}

const mfa = Layer.succeed(MfaTokenCode, () => Effect.succeed(Redacted.make(tokenCode)))

/** Runs a program with a source in a home directory of its own, which is gone afterwards. */
export const withSource = <A, E>(
  { setup }: Listed,
  conditions: Conditions,
  program: (source: CredentialSource<Given>, seen: Seen) => Effect.Effect<A, E, Services>
): Effect.Effect<A, E> =>
  Effect.acquireUseRelease(
    // Made only where there is something to put there.
    Effect.sync(() => join(tmpdir(), `effect-sts-source-${randomUUID()}`)),
    (home) => {
      const { env = {}, files, source } = setup(home)
      write(home, files, conditions.rewrite)
      conditions.before?.(home)
      const sent: Array<Sent> = []
      const words: Array<string> = []
      const decorate = conditions.decorate ?? ((client) => client)
      const layer = Layer.mergeAll(
        conditions.http ??
          Layer.succeed(HttpClient.HttpClient, decorate(clientOf(sent, conditions.trouble ?? none))),
        Layer.succeed(FileSystem.FileSystem, conditions.fileSystem?.(fileSystem, home) ?? fileSystem),
        Layer.succeed(
          ChildProcessSpawner.ChildProcessSpawner,
          instantCommands((used) => words.push(...used))
        ),
        Aws.SignerV4.layer,
        Alibaba.SignerAcs3.layer,
        mfa
      )
      return Effect.flatMap(source, (made) => program(made, { home, sent, words })).pipe(
        Effect.provide(layer),
        Effect.provideService(
          ConfigProvider.ConfigProvider,
          ConfigProvider.fromUnknown({ HOME: home, AWS_REGION: "us-east-1", ...env })
        )
      )
    },
    (home) => Effect.sync(() => rmSync(home, { recursive: true, force: true }))
  )

const none: Trouble = () => undefined
