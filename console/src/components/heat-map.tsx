/** Hours of the week, Monday first: a table whose cells are as dark as they are full. */
import { formatNumber } from '../state/number.ts';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** @param hours 168 counts, Monday 00:00 first */
export function HeatMap({ hours, label }: { readonly hours: readonly number[]; readonly label: string }) {
  const greatest = Math.max(1, ...hours);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard as well.
    <div class="table-wrap" tabIndex={0} role="group" aria-label={label}>
      <table class="heat">
        <thead>
          <tr>
            <th scope="col" style={{ width: '34px' }}>
              <span class="unseen">day</span>
            </th>
            {Array.from({ length: 24 }, (_, hour) => (
              <th scope="col" key={hour}>
                {hour % 3 === 0 ? hour : <span class="unseen">{hour}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {DAYS.map((day, row) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              {Array.from({ length: 24 }, (_, hour) => {
                const count = hours[row * 24 + hour] ?? 0;
                const heat = count === 0 ? 0 : 18 + (count / greatest) * 82;
                return (
                  <td
                    key={hour}
                    title={`${day} ${hour}:00 – ${formatNumber(count)}`}
                    style={{ '--heat': `${heat.toFixed(0)}%` }}
                  >
                    <span class="unseen">{count}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
