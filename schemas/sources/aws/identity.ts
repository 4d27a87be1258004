/** Who called AWS, out of a record's `userIdentity`. */
import { isEmail, type PrincipalKind } from '../../fields/principal.ts';
import { firstText, optionalObject, optionalText } from '../../fields/text.ts';
import type { JsonObject } from '../source.ts';

export interface AwsPrincipal {
  readonly kind: PrincipalKind;
  /** The access key that signed the call; `''` for services and for the console's sign-in. */
  readonly keyId: string;
  readonly name: string;
  readonly email: string;
}

export function principalOf(identity: JsonObject, eventType: string): AwsPrincipal {
  const type = optionalText(identity.type);
  const isService = type === 'AWSService' || eventType === 'AwsServiceEvent';
  // What a service does by itself is signed by a key of its own that nobody was ever given.
  const keyId = isService ? '' : optionalText(identity.accessKeyId);
  const name = nameOf(identity, type);
  const session = name.slice(name.lastIndexOf('/') + 1);
  return {
    kind: isService ? 'service' : kindOf(identity, type, eventType, keyId),
    keyId,
    name,
    email: isEmail(session) ? session : '',
  };
}

function kindOf(identity: JsonObject, type: string, eventType: string, keyId: string): PrincipalKind {
  const fromConsole = optionalText(identity.sessionCredentialFromConsole) === 'true';
  if (fromConsole || eventType === 'AwsConsoleSignIn' || eventType === 'AwsConsoleAction') return 'console-user';
  if (keyId !== '') return 'api-key';
  return type === 'Root' || type === 'IAMUser' || type === 'IdentityCenterUser' ? 'console-user' : 'unknown';
}

/** Of a role the session is part of the name: it tells which person or job had the role. */
function nameOf(identity: JsonObject, type: string): string {
  const arn = optionalText(identity.arn);
  const issuer = optionalObject(optionalObject(identity.sessionContext).sessionIssuer);
  if (type === 'AssumedRole') {
    return firstText(/:assumed-role\/(.+)$/.exec(arn)?.[1], issuer.userName, identity.principalId);
  }
  if (type === 'FederatedUser') {
    return firstText(identity.userName, /:federated-user\/(.+)$/.exec(arn)?.[1], issuer.userName, identity.principalId);
  }
  if (type === 'Root') return firstText(identity.userName, 'root');
  const onBehalfOf = optionalObject(identity.onBehalfOf);
  return firstText(identity.userName, identity.invokedBy, onBehalfOf.userId, arn, identity.principalId);
}
