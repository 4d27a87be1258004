/** The description of the API, OpenAPI 3.1, made from the routes themselves. */
import { z } from 'zod';
import { problemSchema } from '../../schemas/api/problem.ts';
import { methodOf, type Route } from './route.ts';

type Json = Record<string, unknown>;

export function openApiDocument(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [methodOf(route)]: operationOf(route) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'keytrail',
      version,
      description: 'Which user key authenticated each API request, from where, and is the record complete?',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'A token of `keytrail token add`.' } },
      schemas: { Problem: jsonSchemaOf(problemSchema, 'output') },
      responses: {
        Problem: {
          description: 'The request was not answered, and why (RFC 9457).',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  };
}

function operationOf(route: Route): Json {
  return {
    operationId: route.operation,
    summary: route.summary,
    description: `Asks for a token that may ${route.ability}.`,
    tags: [route.tag],
    parameters: [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query'), ...freeOf(route)],
    ...bodyOf(route),
    responses: { '200': answerOf(route), default: { $ref: '#/components/responses/Problem' } },
  };
}

function bodyOf(route: Route): Json {
  if (route.body === undefined) return {};
  const content = { 'application/json': { schema: jsonSchemaOf(route.body, 'input') } };
  return { requestBody: { required: true, content } };
}

function answerOf(route: Route): Json {
  if ('answer' in route) {
    return {
      description: 'The answer.',
      content: { 'application/json': { schema: jsonSchemaOf(route.answer, 'output') } },
    };
  }
  const content = Object.fromEntries(route.types.map((type) => [type, {}]));
  return { description: 'The answer, as it comes.', content };
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchemaOf(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...of }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: of,
    ...(description === undefined ? {} : { description }),
  }));
}

/** Every name that begins so: OpenAPI has no word for it but an object that is spread over the query. */
function freeOf(route: Route): Json[] {
  if (route.isFree !== true) return [];
  return [
    {
      name: 'parameters',
      in: 'query',
      required: false,
      description: "The question's parameters, each as `param.<name>`; again for each value of one that is a list.",
      style: 'form',
      explode: true,
      schema: { type: 'object', additionalProperties: { type: 'string' } },
    },
  ];
}

function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  return rest;
}
