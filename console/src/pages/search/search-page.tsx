/** A page in the making. */
export function SearchPage() {
  return <h1>Search</h1>;
}
