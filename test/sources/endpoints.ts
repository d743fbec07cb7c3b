/**
 * Everybody whom sources ask over HTTP, when all is well: both clouds' STS, metadata services and endpoints that issue
 * credentials. Who does not show the right token gets none.
 */
import { secrets } from "./secrets.js"

export interface Asked {
  readonly method: string
  readonly url: string
  /** With names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const said = (status: number, type: string, body: string, headers = {}): Answered => ({
  status,
  headers: { "content-type": type, ...headers },
  body
})

const json = (content: object): Answered => said(200, "application/json", JSON.stringify(content))
const text = (content: string, headers = {}): Answered => said(200, "text/plain", content, headers)
const unknown = said(404, "text/plain", "there is nothing here")
const unauthorized = said(401, "text/plain", "who are you?")

const lifetime = 3_600_000
const endOf = (now: number): string => new Date(now + lifetime).toISOString().replace(/\.\d+/, "")

/** The operation of STS that a request is for. */
const operationOf = ({ body, headers }: Asked): string =>
  headers["x-acs-action"] ?? new URLSearchParams(body).get("Action") ?? ""

const roleIn = ({ body }: Asked): string => new URLSearchParams(body).get("RoleArn")?.split("/").at(-1) ?? ""

const awsAccount = "123456789012"

const awsSts = (asked: Asked, now: number): Answered => {
  const operation = operationOf(asked)
  const role = roleIn(asked)
  const caller = `<UserId>U</UserId><Account>${awsAccount}</Account><Arn>arn:aws:iam::${awsAccount}:user/alice</Arn>`
  const issued = `<Credentials><AccessKeyId>ASIA.${role}</AccessKeyId><SecretAccessKey>${secrets.issuedSecret}</SecretAccessKey><SessionToken>${secrets.issuedToken}</SessionToken><Expiration>${endOf(now)}</Expiration></Credentials><AssumedRoleUser><Arn>arn:aws:sts::${awsAccount}:assumed-role/${role}/s</Arn><AssumedRoleId>A:s</AssumedRoleId></AssumedRoleUser>`
  const result = operation === "GetCallerIdentity" ? caller : issued
  return said(
    200,
    "text/xml",
    `<${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${operation}Result>${result}</${operation}Result><ResponseMetadata><RequestId>R</RequestId></ResponseMetadata></${operation}Response>`
  )
}

const alibabaKeys = (id: string, now: number) => ({
  AccessKeyId: `STS.${id}`,
  AccessKeySecret: secrets.issuedSecret,
  SecurityToken: secrets.issuedToken,
  Expiration: endOf(now)
})

const alibabaSts = (asked: Asked, now: number): Answered => {
  const role = roleIn(asked)
  if (operationOf(asked) === "GetCallerIdentity") {
    const Arn = `acs:ram::${awsAccount}:user/alice`
    const user = { IdentityType: "RAMUser", AccountId: awsAccount, PrincipalId: "2", UserId: "2", Arn }
    return json({ RequestId: "R", ...user })
  }
  return json({
    RequestId: "R",
    Credentials: alibabaKeys(role, now),
    AssumedRoleUser: { Arn: `acs:ram::${awsAccount}:role/${role}/s`, AssumedRoleId: "3:s" }
  })
}

const awsDocument = (id: string, now: number): Answered =>
  json({
    Code: "Success",
    AccessKeyId: `ASIA.${id}`,
    SecretAccessKey: secrets.issuedSecret,
    Token: secrets.issuedToken,
    Expiration: endOf(now)
  })

const alibabaDocument = (id: string, now: number): Answered =>
  json({ Code: "Success", ...alibabaKeys(id, now) })

const metadata = (
  prefix: string,
  folder: string,
  document: typeof awsDocument
): Readonly<Record<string, Place>> => {
  const within =
    (answer: (now: number) => Answered): Place["answer"] =>
    ({ headers }, now) =>
      headers[`x-${prefix}-metadata-token`] === secrets.metadataToken ? answer(now) : unauthorized
  return {
    "PUT /latest/api/token": {
      answer: () => text(secrets.metadataToken, { [`x-${prefix}-metadata-token-ttl-seconds`]: "21600" })
    },
    [`GET ${folder}/`]: { answer: within(() => text("instance")) },
    [`GET ${folder}/instance`]: { answer: within((now) => document("instance", now)) }
  }
}

interface Place {
  readonly answer: (asked: Asked, now: number) => Answered | undefined
}

const shown =
  (header: string, value: string, answer: (now: number) => Answered): Place["answer"] =>
  ({ headers }, now) =>
    headers[header] === value ? answer(now) : unauthorized

const everywhere = (answer: Place["answer"]): Readonly<Record<string, Place>> => ({ "POST /": { answer } })

const bearer = (token: string): string => `Bearer ${token}`

const places: Readonly<Record<string, Readonly<Record<string, Place>>>> = {
  "sts.us-east-1.amazonaws.com": everywhere(awsSts),
  "sts.aliyuncs.com": everywhere(alibabaSts),
  "169.254.169.254": metadata("aws-ec2", "/latest/meta-data/iam/security-credentials-extended", awsDocument),
  "100.100.100.200": metadata("aliyun-ecs", "/latest/meta-data/ram/security-credentials", alibabaDocument),
  "169.254.170.2": {
    "GET /creds": {
      answer: shown("authorization", secrets.containerToken, (now) => awsDocument("container", now))
    }
  },
  "169.254.170.23": {
    "GET /v1/credentials": {
      answer: shown("authorization", secrets.containerToken, (now) => awsDocument("pod", now))
    }
  },
  "uri.test": {
    "GET /credentials": {
      answer: ({ url }, now) =>
        new URL(url).searchParams.get("token") === secrets.uriToken
          ? alibabaDocument("uri", now)
          : unauthorized
    }
  },
  "portal.sso.us-east-1.amazonaws.com": {
    "GET /federation/credentials": {
      answer: ({ headers }, now) =>
        [secrets.accessToken, secrets.newAccessToken].includes(headers["x-amz-sso_bearer_token"] ?? "")
          ? json({
              roleCredentials: {
                accessKeyId: "ASIA.sso",
                secretAccessKey: secrets.issuedSecret,
                sessionToken: secrets.issuedToken,
                expiration: now + lifetime
              }
            })
          : unauthorized
    }
  },
  "oidc.us-east-1.amazonaws.com": {
    "POST /token": {
      answer: () =>
        json({
          accessToken: secrets.newAccessToken,
          refreshToken: secrets.newRefreshToken,
          expiresIn: lifetime / 1_000
        })
    }
  },
  "us-east-1.signin.aws.amazon.com": {
    "POST /v1/token": {
      answer: () =>
        json({
          accessToken: {
            accessKeyId: "ASIA.login",
            secretAccessKey: secrets.issuedSecret,
            sessionToken: secrets.issuedToken
          },
          refreshToken: secrets.newRefreshToken,
          expiresIn: lifetime / 1_000
        })
    }
  },
  "signin.test": {
    "POST /cloud-credentials": {
      answer: shown("authorization", bearer(secrets.accessToken), (now) =>
        json({ CloudCredential: alibabaKeys("cloud-sso", now), RequestId: "R" })
      )
    }
  },
  "oauth.aliyun.com": {
    "POST /v1/token": {
      answer: () =>
        json({
          access_token: secrets.newAccessToken,
          refresh_token: secrets.newRefreshToken,
          expires_in: lifetime / 1_000
        })
    },
    "POST /v1/exchange": {
      answer: ({ headers }, now) =>
        [secrets.accessToken, secrets.newAccessToken].map(bearer).includes(headers["authorization"] ?? "")
          ? json({
              requestId: "R",
              accessKeyId: "STS.oauth",
              accessKeySecret: secrets.issuedSecret,
              securityToken: secrets.issuedToken,
              expiration: endOf(now)
            })
          : unauthorized
    }
  },
  "github.test": {
    "GET /token": {
      answer: shown("authorization", bearer(secrets.jobToken), () => json({ value: secrets.oidcToken }))
    }
  }
}

/** What a request is for, in words: an operation of STS with its role, or a place. */
export const nameOf = (asked: Asked): string => {
  const { host, pathname } = new URL(asked.url)
  if (!host.startsWith("sts.")) return `${asked.method} ${host}${pathname}`
  return [operationOf(asked), roleIn(asked)].filter((word) => word !== "").join(" ")
}

/** The answer of whoever is asked. */
export const answer = (asked: Asked, now: number): Answered => {
  const { host, pathname } = new URL(asked.url)
  return places[host]?.[`${asked.method} ${pathname}`]?.answer(asked, now) ?? unknown
}
