/**
 * Answers before they are sent. The body of a 401 is the one that was seen: a page of the nginx before the API. The
 * form of JSON errors is that of a 404 that was seen; of other statuses no body is known, and they have the same form.
 */
import { STATUS_CODES } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const NGINX_TITLES: Readonly<Record<number, string>> = {
  302: '302 Found',
  401: '401 Authorization Required',
  503: '503 Service Temporarily Unavailable',
};

export function jsonAnswer(status: number, value: unknown): Answer {
  return { status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) };
}

/** A page as nginx makes it, for the statuses that it answers itself. */
export function nginxAnswer(status: number, title = NGINX_TITLES[status] ?? nameOf(status)): Answer {
  const lines = [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<center><h1>${title}</h1></center>`,
    '<hr><center>nginx</center>',
    '</body>',
    '</html>',
    '',
  ];
  return { status, headers: { 'Content-Type': 'text/html', Server: 'nginx' }, body: lines.join('\r\n') };
}

/** As the API answers this status. @param now ms since 1970 */
export function errorAnswer(status: number, path: string, now: number): Answer {
  return status in NGINX_TITLES ? nginxAnswer(status) : jsonErrorAnswer(status, path, now);
}

export function jsonErrorAnswer(status: number, path: string, now: number): Answer {
  const timestamp = new Date(now).toISOString().replace('Z', '+00:00');
  return jsonAnswer(status, { timestamp, status, error: nameOf(status), path });
}

export function withHeaders(answer: Answer, headers: Readonly<Record<string, string>>): Answer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function nameOf(status: number): string {
  return STATUS_CODES[status] ?? 'Error';
}
