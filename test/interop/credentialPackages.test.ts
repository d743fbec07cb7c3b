/**
 * The vendors' own credential packages, and AWS's tools where they are installed: pointed at the emulator, they get
 * credentials there, and those are accepted there.
 */
import { execFile } from "node:child_process"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { type Remote, type Servers, startServers } from "../support/emulators.js"
import { isInstalled, type Tool } from "../support/installed.js"
import { makeSignedInHome, type SignedInHome } from "../support/signedInHome.js"
import { certificate, openTlsFront, type TlsFront } from "../support/tlsFront.js"
import { doJobs, type Job } from "./jobs.js"

let servers: Servers
let emulator: Remote
let front: TlsFront
let home: SignedInHome

beforeAll(async () => {
  servers = await startServers()
  emulator = servers.emulator()
  front = await openTlsFront(emulator.endpoint)
  home = await makeSignedInHome(emulator)
})

afterAll(async () => {
  await front?.close()
  await home?.remove()
  await servers?.close()
})

const bare = () => ({ PATH: process.env["PATH"] ?? "", HOME: home.path })

type Case = readonly [name: string, expected: string | RegExp, job: () => Job]

const check = (outcome: string | undefined, expected: string | RegExp): void => {
  const found = typeof expected === "string" ? outcome?.includes(expected) : expected.test(outcome ?? "")
  assert.isTrue(found, outcome)
}

const prove = (program: string, env: () => Readonly<Record<string, string>>, cases: ReadonlyArray<Case>) => {
  let outcomes: ReadonlyArray<string> = []
  beforeAll(async () => {
    outcomes = await doJobs(
      program,
      env(),
      cases.map(([, , job]) => job())
    )
  }, 60_000)
  cases.forEach(([name, expected], index) => {
    it(name, () => check(outcomes[index], expected))
  })
}

const assumed = (role: string): string => `arn:aws:sts::${AwsSeed.accountId}:assumed-role/${role}/`

/** What points AWS's packages and tools at the emulator. */
const awsEnv = () => ({
  ...bare(),
  AWS_REGION: AwsSeed.region,
  AWS_DEFAULT_REGION: AwsSeed.region,
  AWS_ENDPOINT_URL_STS: emulator.endpoint,
  AWS_ENDPOINT_URL_SSO: emulator.endpoint,
  AWS_ENDPOINT_URL_SSO_OIDC: emulator.endpoint,
  AWS_ENDPOINT_URL_SIGNIN: emulator.endpoint,
  AWS_EC2_METADATA_SERVICE_ENDPOINT: emulator.endpoint
})

const containerEnv = () => ({
  AWS_CONTAINER_CREDENTIALS_FULL_URI: `${emulator.endpoint}${AwsSeed.eksContainer.path}`,
  AWS_CONTAINER_AUTHORIZATION_TOKEN: Redacted.value(AwsSeed.containerToken)
})

const taskEnv = () => ({
  AWS_CONTAINER_CREDENTIALS_FULL_URI: `${emulator.endpoint}${AwsSeed.ecsContainer.path}`
})

const webIdentityEnv = () => ({
  AWS_WEB_IDENTITY_TOKEN_FILE: home.tokens.awsOidc,
  AWS_ROLE_ARN: AwsSeed.arns.oidcRole,
  AWS_ROLE_SESSION_NAME: "pod"
})

const alice = {
  accessKeyId: AwsSeed.keys.user.accessKeyId,
  secretAccessKey: Redacted.value(AwsSeed.keys.user.secretAccessKey)
}

const ssoRoleSession = `${assumed("AWSReservedSSO_Reader_0000000000000001")}alice`
const instanceSession = `${assumed("instance")}${AwsSeed.instance.id}`

const aws = (
  source: string,
  options?: object,
  env: () => Readonly<Record<string, string>> = () => ({})
): (() => Job) => {
  return () => ({ source, options, env: env() })
}

describe("@aws-sdk/credential-providers:", () => {
  prove("test/interop/awsPackage.ts", awsEnv, [
    ["fromInstanceMetadata", instanceSession, aws("fromInstanceMetadata")],
    [
      "fromInstanceMetadata where version 1 is disabled",
      instanceSession,
      aws("fromInstanceMetadata", { ec2MetadataV1Disabled: true })
    ],
    ["fromContainerMetadata", assumed("pod"), aws("fromContainerMetadata", {}, containerEnv)],
    ["fromHttp", assumed("task"), aws("fromHttp", {}, taskEnv)],
    [
      "fromHttp with a token file",
      assumed("pod"),
      () => ({
        source: "fromHttp",
        options: {
          awsContainerCredentialsFullUri: `${emulator.endpoint}${AwsSeed.eksContainer.path}`,
          awsContainerAuthorizationTokenFile: home.tokens.container
        },
        env: {}
      })
    ],
    ["fromSSO", ssoRoleSession, aws("fromSSO", { profile: "fresh" })],
    ["fromSSO with a token that has ended", ssoRoleSession, aws("fromSSO", { profile: "stale" })],
    ["fromLoginCredentials", AwsSeed.arns.user, aws("fromLoginCredentials", { profile: "login" })],
    ["fromTokenFile", `${assumed("oidc")}pod`, aws("fromTokenFile", {}, webIdentityEnv)],
    [
      "fromTemporaryCredentials",
      `${assumed("reader")}report`,
      aws("fromTemporaryCredentials", {
        masterCredentials: alice,
        params: { RoleArn: AwsSeed.arns.role, RoleSessionName: "report" }
      })
    ],
    ["fromIni through two roles", assumed("chained"), aws("fromIni", { profile: "chained" })],
    ["fromNodeProviderChain on an instance", instanceSession, aws("fromNodeProviderChain")],
    ["fromNodeProviderChain in a container", assumed("pod"), aws("fromNodeProviderChain", {}, containerEnv)],
    [
      "fromNodeProviderChain in a pod with an identity token",
      `${assumed("oidc")}pod`,
      aws("fromNodeProviderChain", {}, webIdentityEnv)
    ],
    [
      "fromNodeProviderChain in a home directory where somebody signed in",
      ssoRoleSession,
      aws("fromNodeProviderChain", {}, () => ({ AWS_PROFILE: "fresh" }))
    ]
  ])
})

const assumedByAlibaba = (role: string): string => `acs:ram::${AlibabaSeed.accountId}:assumed-role/${role}/`

const uri = () =>
  `${emulator.endpoint}${AlibabaSeed.credentialsUri.path}?token=${Redacted.value(AlibabaSeed.credentialsUriToken)}`

const config = (options: () => object): (() => Job) => {
  return () => ({ source: "config", options: options(), env: {} })
}

const chain = (env: () => Readonly<Record<string, string>>): (() => Job) => {
  return () => ({ source: "chain", env: env() })
}

const profile = (name: string) => chain(() => ({ ALIBABA_CLOUD_PROFILE: name }))

const stsEndpoint = () => `localhost:${front.port}`

describe("@alicloud/credentials:", () => {
  const env = () => ({
    ...bare(),
    NODE_EXTRA_CA_CERTS: certificate,
    EMULATOR_PORT: new URL(emulator.endpoint).port,
    EMULATOR_TLS_PORT: String(front.port)
  })
  const elsewhere = { HOME: "/nowhere" }
  prove("test/interop/alibabaPackage.ts", env, [
    [
      "ecs_ram_role",
      `${assumedByAlibaba("instance")}${AlibabaSeed.instance.id}`,
      config(() => ({ type: "ecs_ram_role" }))
    ],
    [
      "ecs_ram_role, named, hardened",
      assumedByAlibaba("instance"),
      config(() => ({ type: "ecs_ram_role", roleName: "instance", disableIMDSv1: true }))
    ],
    [
      "credentials_uri",
      `${assumedByAlibaba("reader")}uri`,
      config(() => ({ type: "credentials_uri", credentialsURI: uri() }))
    ],
    [
      "ram_role_arn",
      `${assumedByAlibaba("third-party")}report`,
      config(() => ({
        type: "ram_role_arn",
        accessKeyId: AlibabaSeed.keys.user.accessKeyId,
        accessKeySecret: Redacted.value(AlibabaSeed.keys.user.accessKeySecret),
        roleArn: AlibabaSeed.arns.externalIdRole,
        roleSessionName: "report",
        externalId: AlibabaSeed.externalId,
        stsEndpoint: stsEndpoint()
      }))
    ],
    [
      "oidc_role_arn",
      `${assumedByAlibaba("oidc")}pod`,
      config(() => ({
        type: "oidc_role_arn",
        roleArn: AlibabaSeed.arns.oidcRole,
        oidcProviderArn: AlibabaSeed.arns.oidcProvider,
        oidcTokenFilePath: home.tokens.alibabaOidc,
        roleSessionName: "pod",
        stsEndpoint: stsEndpoint()
      }))
    ],
    ["the default chain on an instance", /\/instance\/.* by default\/ecs_ram_role$/, chain(() => elsewhere)],
    [
      "the default chain in a pod",
      /\/oidc\/pod by default\/oidc_role_arn$/,
      chain(() => ({
        ...elsewhere,
        ALIBABA_CLOUD_ROLE_ARN: AlibabaSeed.arns.oidcRole,
        ALIBABA_CLOUD_OIDC_PROVIDER_ARN: AlibabaSeed.arns.oidcProvider,
        ALIBABA_CLOUD_OIDC_TOKEN_FILE: home.tokens.alibabaOidc,
        ALIBABA_CLOUD_ROLE_SESSION_NAME: "pod"
      }))
    ],
    [
      "the default chain with a credentials URI",
      /\/reader\/uri by default\/credential_uri$/,
      chain(() => ({
        ...elsewhere,
        ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
        ALIBABA_CLOUD_CREDENTIALS_URI: uri()
      }))
    ],
    ["a profile for EcsRamRole", /\/instance\/.* by default\/cli_profile$/, profile("ecs")],
    ["a profile for RamRoleArn", /\/reader\/laptop by default\/cli_profile$/, profile("reader")],
    ["a profile for ChainableRamRoleArn", /\/chained\/laptop by default\/cli_profile$/, profile("chained")],
    ["a profile for OIDC", /\/oidc\/laptop by default\/cli_profile$/, profile("oidc")],
    [
      "a profile for OAuth, its token about to end",
      /\/reader\/alice by default\/cli_profile$/,
      profile("oauth")
    ],
    // The package sends no body with this request, so that no CloudSSO could answer it.
    [
      "a profile for CloudSSO, in vain",
      /MissingParameter.*AccountId/,
      () => ({
        source: "chain",
        env: { ALIBABA_CLOUD_PROFILE: "cloud-sso", ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true" }
      })
    ]
  ])
})

const boto = 'import boto3; print(boto3.client("sts").get_caller_identity()["Arn"])'

const tools: ReadonlyArray<readonly [tool: Tool, command: string, options: ReadonlyArray<string>]> = [
  ["aws", "aws", ["sts", "get-caller-identity", "--query", "Arn", "--output", "text"]],
  ["python3 with boto3", "python3", ["-c", boto]]
]

const places: ReadonlyArray<
  readonly [name: string, expected: string, env: () => Readonly<Record<string, string>>]
> = [
  ["on an instance", instanceSession, () => ({})],
  ["in a container of EKS", assumed("pod"), containerEnv],
  ["in a container of ECS", assumed("task"), taskEnv],
  ["in a pod with an identity token", `${assumed("oidc")}pod`, webIdentityEnv],
  ["in a home directory where somebody signed in", ssoRoleSession, () => ({ AWS_PROFILE: "fresh" })]
]

// Whatever else AWS's tools are told where this runs, they are not told here.
const ambient = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_")))

const output = (command: string, options: ReadonlyArray<string>, env: NodeJS.ProcessEnv) =>
  new Promise<string>((resolve) => {
    execFile(command, options, { env, timeout: 15_000 }, (error, stdout, stderr) =>
      resolve(error === null ? stdout.trim() : stderr)
    )
  })

for (const [tool, command, options] of tools) {
  describe.skipIf(!isInstalled(tool))(`${tool}:`, () => {
    for (const [name, expected, env] of places) {
      it(name, async () => {
        assert.include(await output(command, options, { ...ambient(), ...awsEnv(), ...env() }), expected)
      })
    }
  })
}
