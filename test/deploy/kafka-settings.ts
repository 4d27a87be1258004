/** Settings of a Kafka 4 broker that docker-compose.yml may use, each looked up in the classes of release 4.4.0. */
export const KAFKA_SETTINGS: readonly string[] = [
  'advertised.listeners',
  'auto.create.topics.enable',
  'controller.listener.names',
  'controller.quorum.voters',
  'inter.broker.listener.name',
  'listener.security.protocol.map',
  'listeners',
  'log.dirs',
  'node.id',
  'offsets.topic.replication.factor',
  'process.roles',
  'share.coordinator.state.topic.min.isr',
  'share.coordinator.state.topic.replication.factor',
  'transaction.state.log.min.isr',
  'transaction.state.log.replication.factor',
];

/** Tools in /opt/kafka/bin of the image that docker-compose.yml may call. */
export const KAFKA_TOOLS: readonly string[] = ['kafka-broker-api-versions.sh', 'kafka-topics.sh'];

/** How the apache/kafka image names a setting in the environment, undone. */
export function settingOfVariable(variable: string): string {
  return variable
    .replace(/^KAFKA_/, '')
    .toLowerCase()
    .replace(/___|__|_/g, (mark) => ({ _: '.', __: '_', ___: '-' })[mark] ?? mark);
}
