/**
 * What happened in the 90 days, apart from the quiet days. The names are exported so that a demonstration can ask about
 * them; times are told in days before the end.
 */
export const STORY = {
  /** A leak: an app's key is used from an address that the app never had, to look around at night. */
  foreign: { key: 'orders-service', address: '203.0.113.77', daysBeforeEnd: 6, requestsPerNight: 14 },
  /** Two people, one key: since a month ago a colleague uses it too, in the same hours, from home. */
  shared: {
    key: 'reporting-adhoc',
    owner: 'chen@northwind.example',
    colleague: 'dana@northwind.example',
    ownerAddress: '198.51.100.140',
    colleagueAddress: '2001:db8:5:1::d1',
    daysBeforeEnd: 30,
  },
  /** A key that had done its work eleven weeks ago is used again. */
  dormant: { key: 'migration-job', address: '203.0.113.140', lastDayBeforeEnd: 76, wokeDaysBeforeEnd: 4, requests: 25 },
  /** Somebody tries a key from outside its allow list, and is refused every time. */
  denied: { key: 'ci-deploy', address: '192.0.2.66', daysBeforeEnd: 5, attempts: 40, reason: 'source-ip-not-allowed' },
  /** Somebody is refused from an address that the key's allow list holds. */
  refused: {
    key: 'billing-export',
    address: '198.51.100.40',
    daysBeforeEnd: 3,
    attempts: 6,
    reason: 'source-ip-not-allowed',
  },
  /** A key that nobody wrote down. */
  unregistered: { key: 'debug-tmp', address: '198.51.100.150', daysBeforeEnd: 8, requests: 9 },
  /** A key that was deleted, and is let in all the same. */
  deleted: { key: 'finn-laptop', daysBeforeEnd: 10 },
  /** A key that nobody has used for two months. */
  unused: { key: 'legacy-sync', lastDayBeforeEnd: 60 },
  /** The key of someone who has left. */
  left: { key: 'reporting-adhoc', owner: 'chen@northwind.example', daysBeforeEnd: 15 },
  /** A key that changed hands. */
  handover: { key: 'orders-service', from: 'ada@northwind.example', to: 'elif@northwind.example', daysBeforeEnd: 30 },
  /** A key whose present state was read 40 days ago: before that, nothing is known of it. */
  learned: { key: 'monitoring-staging', daysBeforeEnd: 40 },
  /** One key deletes one database after the other, within minutes. */
  spree: { key: 'platform-admin', address: '198.51.100.130', daysBeforeEnd: 2, deletions: 24 },
} as const;
