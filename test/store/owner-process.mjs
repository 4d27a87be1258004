// A process of its own that opens a data directory and says on its output what it became; it lives until it is killed.
import { openEmbedded } from '../../dist/src/store/embedded/open.js';

const [dataDir, mode] = process.argv.slice(2);
const opened = await openEmbedded({ dataDir, mode });
process.stdout.write(`${JSON.stringify({ role: opened.role, pid: opened.pid, socketPath: opened.socketPath })}\n`);
process.stdin.on('data', () => opened.close().then(() => process.exit(0)));
setInterval(() => {}, 1_000);
