// Node itself.
const imported = performance.now()
process.stdout.write(JSON.stringify({ imported, called: imported }))
