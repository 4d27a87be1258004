/**
 * The engine's configuration, written into the data directory before the engine opens: it reads it once, at its first
 * session.
 */
import { writeFile } from 'node:fs/promises';
import { DICTIONARY_USER, READER_ROLE } from '../clickhouse-store.ts';
import type { EmbeddedPaths } from './paths.ts';

/**
 * Small caches and one merge thread keep the process about a tenth smaller at no cost: a store on one machine reads
 * what the page cache already holds.
 */
const SERVER_SETTINGS: Readonly<Record<string, number>> = {
  mark_cache_size: 67_108_864,
  index_mark_cache_size: 16_777_216,
  uncompressed_cache_size: 0,
  index_uncompressed_cache_size: 0,
  mmap_cache_size: 100,
  compiled_expression_cache_size: 16_777_216,
  query_condition_cache_size: 16_777_216,
  background_pool_size: 1,
  background_merges_mutations_concurrency_ratio: 1,
  background_move_pool_size: 1,
  background_fetches_pool_size: 1,
  background_common_pool_size: 2,
  background_schedule_pool_size: 4,
  // By default it looks at the memory twenty times a second, also all night.
  memory_worker_period_ms: 500,
};

export async function writeConfig(paths: EmbeddedPaths): Promise<void> {
  await writeFile(paths.usersFile, usersXml(), { mode: 0o600 });
  await writeFile(paths.configFile, configXml(paths.usersFile), { mode: 0o600 });
}

function configXml(usersFile: string): string {
  const settings = Object.entries(SERVER_SETTINGS).map(([name, value]) => `  <${name}>${value}</${name}>`);
  // The engine takes a relative path from the working directory of the process, so this one is absolute.
  return [
    '<clickhouse>',
    `  <users_config>${escapeXml(usersFile)}</users_config>`,
    ...settings,
    '</clickhouse>',
    '',
  ].join('\n');
}

/**
 * Both roles belong to the one user that an embedded engine has; a session for readers leaves the writer's behind with
 * SET ROLE. The reader's grants name what it may read, and everything else (files, addresses, other tables) is refused.
 * Dictionaries are loaded as a user of their own, as they are on a server.
 */
function usersXml(): string {
  return `<clickhouse>
  <profiles><default/></profiles>
  <quotas><default/></quotas>
  <roles>
    <keytrail_writer><grants><query>GRANT ALL ON *.*</query></grants></keytrail_writer>
    <${READER_ROLE}>
      <grants><query>GRANT SELECT ON default.*</query><query>GRANT dictGet ON *.*</query></grants>
    </${READER_ROLE}>
  </roles>
  <users>
    <default>
      <password/>
      <networks><ip>::1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <grants><query>GRANT keytrail_writer</query><query>GRANT ${READER_ROLE}</query></grants>
    </default>
    <${DICTIONARY_USER}>
      <password/>
      <networks><ip>::1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <grants><query>GRANT SELECT ON default.*</query></grants>
    </${DICTIONARY_USER}>
  </users>
</clickhouse>
`;
}

function escapeXml(text: string): string {
  return text.replace(/[<>&]/g, (character) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;' })[character] ?? character);
}
