/** An emulator that the program itself serves, and what its environment holds to reach it. */
import { ended, firstLine, start } from "./cli.js"

type Environment = Readonly<Record<string, string>>

export interface CliEmulator {
  readonly endpoint: string
  /** Where the services are, and a user's keys. */
  readonly env: Readonly<Record<"aws" | "alibaba", Environment>>
  /** Where the services are. */
  readonly services: Environment
  /** Asks for something below `/_emulator`. */
  readonly ask: (path: string, content?: object) => Promise<Environment>
  /** How often an operation of a cloud has been called. */
  readonly calls: (cloud: "aws" | "alibaba", operation: string) => Promise<number>
  readonly stop: () => Promise<void>
}

export const startEmulator = async (node = process.execPath): Promise<CliEmulator> => {
  const child = start(["emulator", "--json"], { node })
  const { alibaba, aws, endpoint } = JSON.parse(await firstLine(child))
  const control = `${endpoint}/_emulator`
  return {
    endpoint,
    env: {
      aws: { ...aws.environment.service, ...aws.environment.keys },
      alibaba: { ...alibaba.environment.service, ...alibaba.environment.keys }
    },
    services: { ...aws.environment.service, ...alibaba.environment.service },
    ask: async (path, content = {}) => {
      const headers = { "content-type": "application/json" }
      const reply = await fetch(`${control}/${path}`, {
        method: "POST",
        headers,
        body: JSON.stringify(content)
      })
      return (await reply.json()) as Environment
    },
    calls: async (cloud, operation) => {
      const requests = (await (await fetch(`${control}/requests`)).json()) as ReadonlyArray<Environment>
      return requests.filter((request) => request["cloud"] === cloud && request["operation"] === operation)
        .length
    },
    stop: async () => {
      const end = ended(child)
      child.kill()
      await end
    }
  }
}
