/** More of a list, where it is asked for in pages. */
import { Button } from './button.tsx';

export function Pager(props: {
  readonly shown: number;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly onMore: () => void;
}) {
  const { shown, hasMore, isLoading, onMore } = props;
  return (
    <div class="row" style={{ padding: '8px 12px' }}>
      <span class="muted small">{hasMore ? `${shown} shown` : `all ${shown} shown`}</span>
      {hasMore && (
        <Button onClick={onMore} isDisabled={isLoading}>
          {isLoading ? 'Loading …' : 'More'}
        </Button>
      )}
    </div>
  );
}
