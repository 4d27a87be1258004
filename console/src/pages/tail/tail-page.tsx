/** A page in the making. */
export function TailPage() {
  return <h1>Tail</h1>;
}
