/**
 * Tools that are not this project's own: what they would prove is left out where they are absent.
 */
import { spawnSync } from "node:child_process"

const probes = {
  aws: { command: "aws", options: ["--version"] },
  "python3 with boto3": { command: "python3", options: ["-c", "import boto3"] },
  script: { command: "script", options: ["-qec", "true", "/dev/null"] },
  moto_server: { command: "moto_server", options: ["--help"] }
}

export type Tool = keyof typeof probes

const known = new Map<Tool, boolean>()

/** Whether a tool runs here. One line tells of a tool that does not. */
export const isInstalled = (tool: Tool): boolean => {
  const before = known.get(tool)
  if (before !== undefined) return before
  const { command, options } = probes[tool]
  const runs = spawnSync(command, options, { stdio: "ignore", timeout: 15_000 }).status === 0
  if (!runs) process.stdout.write(`Skipped, nothing compared: ${tool} is not installed\n`)
  known.set(tool, runs)
  return runs
}
