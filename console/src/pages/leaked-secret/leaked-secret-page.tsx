/** A page in the making. */
export function LeakedSecretPage() {
  return <h1>LeakedSecret</h1>;
}
