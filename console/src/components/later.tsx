/** What a page asks once its first questions are on their way: they are answered in the order in which they come. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export function Later({
  children,
  instead,
}: {
  readonly children: ComponentChildren;
  readonly instead?: ComponentChildren;
}) {
  const [isTime, setTime] = useState(false);
  useEffect(() => setTime(true), []);
  return <>{isTime ? children : instead}</>;
}
