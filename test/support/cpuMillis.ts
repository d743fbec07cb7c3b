/** The processor's time that this process takes for it, which does not grow where the machine is busy with others. */
export const cpuMillis = (run: () => unknown): number => {
  const begun = process.cpuUsage()
  run()
  const { system, user } = process.cpuUsage(begun)
  return (user + system) / 1_000
}
