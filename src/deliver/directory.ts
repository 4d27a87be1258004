/**
 * A channel that is a folder: each message is a folder in it, with the message as JSON and the files that belong to it.
 * It is there whole or not at all, and a second copy finds the first one in its place.
 */
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { clean, type Message } from '../core/alerts/message.ts';
import { messageOf } from '../core/errors.ts';
import { ALERT_DETAIL_CHARS_MAX } from '../core/limits.ts';
import type { Channel, Sent } from './channel.ts';

export function directoryChannel(name: string, path: string): Channel {
  return {
    ...{ name, resolves: true, close: async () => undefined },
    send: async (message) => {
      try {
        return await put(path, message);
      } catch (error) {
        return { kind: 'retry', detail: clean(messageOf(error), ALERT_DETAIL_CHARS_MAX) };
      }
    },
  };
}

const MESSAGE_FILE = 'message.json';

async function put(path: string, message: Message): Promise<Sent> {
  const folder = fileName(message.folder ?? message.id);
  const whole = join(path, folder);
  if (await isThere(whole)) return { kind: 'delivered', detail: `${folder} is there already` };
  // One name for each message: what a crash left of it is begun anew.
  const unfinished = join(path, `.${message.id}.unfinished`);
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  for (const { name, content } of message.attachments ?? []) await write(join(unfinished, fileName(name)), content);
  const json = { id: message.id, title: message.title, text: message.text, ...message.json };
  await write(join(unfinished, MESSAGE_FILE), `${JSON.stringify(json, null, 2)}\n`);
  await sync(unfinished);
  await rename(unfinished, whole);
  await sync(path);
  return { kind: 'delivered', detail: `written to ${folder}` };
}

async function write(file: string, content: Buffer | string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** A name of one file, whatever it was made of: it leads nowhere, and no shell or file system stumbles over it. */
function fileName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '') || 'file';
}
