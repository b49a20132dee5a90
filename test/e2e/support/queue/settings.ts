/** The user, and the database that each cluster has from the start. */
export const USER = 'n8n';
export const DATABASE = 'postgres';

/** What makes an n8n part of one that runs in queue mode; the same for main and workers. */
export const queueSettings = (ports: { redis: number; postgres: number }) => ({
	EXECUTIONS_MODE: 'queue',
	OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
	QUEUE_BULL_REDIS_HOST: '127.0.0.1',
	QUEUE_BULL_REDIS_PORT: `${ports.redis}`,
	DB_TYPE: 'postgresdb',
	DB_POSTGRESDB_HOST: '127.0.0.1',
	DB_POSTGRESDB_PORT: `${ports.postgres}`,
	DB_POSTGRESDB_DATABASE: DATABASE,
	DB_POSTGRESDB_USER: USER,
	DB_POSTGRESDB_PASSWORD: 'any will do',
	N8N_ENCRYPTION_KEY: 'the same for all',
});
