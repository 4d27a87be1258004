/** A text that no address has the form of: whoever wrote the link meant something else. */
import { Empty } from '../../components/states.tsx';
import { linkTo } from '../../state/range.ts';

export function NoAddress({ text }: { readonly text: string }) {
  return (
    <Empty title="This is no address" isWhole>
      <p>
        <bdi class="mono">{text.slice(0, 200)}</bdi> is neither an address of IPv4, as 203.0.113.9, nor one of IPv6, as
        2001:db8::1.
      </p>
      <div class="row">
        <a class="button" href={linkTo('/addresses')}>
          All addresses
        </a>
        <a class="button" href={linkTo('/search', { text: text.slice(0, 200) })}>
          Search for these words
        </a>
      </div>
    </Empty>
  );
}
