/** One dead letter whole: why it is none, its text, where it was read, and what was done about it. */
import { at, PATHS } from '../../api/paths.ts';
import type { Rows } from '../../api/rows.ts';
import { useQuery } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { copy } from '../../components/copy.ts';
import { Drawer } from '../../components/drawer.tsx';
import { eventHref } from '../../components/entities.ts';
import { Handle } from '../../components/handle.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { changed } from '../../state/location.ts';
import { formatNumber } from '../../state/number.ts';
import { type Letter, nameOf, type WholeLetter } from './letter.ts';
import { wordsOf } from './reasons.ts';
import { Instant } from './streams.tsx';

interface LetterDrawerProps {
  /** `<hash>:<reason>` */
  readonly of: string;
  readonly onClose: () => void;
  readonly onReplay: (letter: Letter) => void;
}

const TEXT_CHARS = 20_000;

export function LetterDrawer({ of, onClose, onReplay }: LetterDrawerProps) {
  const [hash = '', reason = ''] = of.split(':');
  const isHash = /^[0-9a-f]{32}$/.test(hash);
  const answer = useQuery<Rows<WholeLetter>>(
    isHash ? at(PATHS.dead_letter, { hash }) : undefined,
    {},
    { isFresh: true },
  );
  const letters = answer.data?.rows ?? [];
  const letter = letters.find((one) => one.reason === reason) ?? letters[0];
  const isMissing = !isHash || answer.trouble?.status === 404;
  return (
    <Drawer
      title={letter?.reason ?? 'Dead letter'}
      tools={
        letter?.state === 'open' && (
          <Button onClick={() => onReplay({ ...letter, last_action: '', last_detail: '', last_action_at: null })}>
            Replay …
          </Button>
        )
      }
      onClose={onClose}
    >
      {isMissing ? (
        <Empty title="There is no such letter">
          <p class="muted">The link may be of another store, or the letter is past the days that are kept.</p>
        </Empty>
      ) : (
        <Answer of={answer} skeleton={<Skeleton lines={14} height={20} />}>
          {() => letter !== undefined && <Whole of={letter} />}
        </Answer>
      )}
    </Drawer>
  );
}

function Whole({ of }: { readonly of: WholeLetter }) {
  const { why, next } = wordsOf(of.reason);
  return (
    <div class="drawer-body">
      <p>
        <b>{why}</b> {of.state === 'open' ? next : 'A replay made an event of it.'}
        {of.state === 'open' && !of.replayable && ' What is kept of it is not enough for a replay.'}
      </p>
      <dl class="facts">
        {(
          [
            ['what is wrong', of.path === '' && of.got === '' ? '' : `${of.path} ${of.got}`.trim().slice(0, 1_000)],
            ['source', of.source || 'not known'],
            ['stream', `${of.stream} / ${of.stream_partition}`],
            ['position', `${formatNumber(of.stream_offset)}, record ${of.record_index}`],
            ['content hash', of.content_hash],
            ['length', `${formatNumber(of.text_bytes)} bytes as received`],
          ] as const
        ).map(([name, text]) =>
          text === ''
            ? null
            : [
                <dt key={name}>{name}</dt>,
                <dd key={`${name} text`}>
                  <bdi>{text}</bdi>
                </dd>,
              ],
        )}
        <dt>account</dt>
        <dd>
          <Handle field="account_id" value={of.account_id} empty="not known" />
        </dd>
        <dt>arrived</dt>
        <dd>
          <Instant of={of.ingested_at} />
        </dd>
      </dl>
      <History of={of} />
      <section class="stack" style={{ gap: '4px' }}>
        <div class="row spread">
          <h3>Its text{of.text_encoding === 'base64' && ', as base64'}; secrets are cut out of it</h3>
          <Button kind="plain" onClick={() => void copy(of.text, 'Text')}>
            Copy
          </Button>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard as well. */}
        <pre class="raw foreign" tabIndex={0}>
          {of.text.slice(0, TEXT_CHARS)}
          {of.text.length > TEXT_CHARS && `\n… ${formatNumber(of.text.length)} characters; a copy has them all`}
        </pre>
        <p class="small muted">
          <a href={changed({ open: nameOf(of) })}>Link to this letter</a>, or{' '}
          <code>keytrail dead-letters show {of.content_hash.slice(0, 12)}</code>
        </p>
      </section>
    </div>
  );
}

function History({ of }: { readonly of: WholeLetter }) {
  if (of.log.length === 0) return <p class="small muted">Nothing was done about it yet.</p>;
  return (
    <ol class="versions">
      {of.log.map(
        ({ at: time, action, detail, event_id: eventId, event_source: source, event_account_id: account }) => (
          <li key={`${time} ${action}`}>
            <Instant of={time} />: {action === 'replayed' ? 'became ' : 'was refused again: '}
            {eventId === '' ? (
              <bdi>{detail}</bdi>
            ) : (
              <a href={eventHref({ event_id: eventId, source, account_id: account })}>
                the event <bdi>{eventId}</bdi>
              </a>
            )}
          </li>
        ),
      )}
    </ol>
  );
}
