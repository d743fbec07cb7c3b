/**
 * The one request that every contender makes of Alibaba Cloud, and the reply it gets.
 */

export const contentType = "application/json;charset=utf-8"

export const key = {
  accessKeyId: "LTAI5tExampleExampleExam",
  accessKeySecret: "ExampleSecretExampleSecretExam"
}

export const request = {
  roleArn: "acs:ram::1234567890123456:role/bench-role",
  roleSessionName: "bench-session",
  durationSeconds: 3600
}

/** The same, as it is called on the wire. */
export const parameters = {
  RoleArn: request.roleArn,
  RoleSessionName: request.roleSessionName,
  DurationSeconds: String(request.durationSeconds)
}

/** The service's reply, with a token as long as the real ones, or as long as it takes to fill `bytes`. */
export const reply = (bytes = 0): string => {
  const withToken = (length: number) =>
    JSON.stringify({
      RequestId: "6894B13B-6D71-4EF5-88FA-F32781734A7F",
      AssumedRoleUser: {
        Arn: "acs:ram::1234567890123456:assumed-role/bench-role/bench-session",
        AssumedRoleId: "300123456789012345:bench-session"
      },
      Credentials: {
        AccessKeyId: "STS.NUgYrLnoC37mZZCNnAbez",
        AccessKeySecret: "CVwjCkNzTMupZ8NbTCxCBRq3K16jtcWFTJAyBEv2",
        SecurityToken: "CAIS".padEnd(length, "q6Ft5B2yfSjIr5bf"),
        Expiration: "2099-01-01T00:00:00Z"
      }
    })
  return withToken(Math.max(600, bytes - withToken(4).length + 4))
}
