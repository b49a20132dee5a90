/** The name of the database user, and of the database in every new cluster. */
export const USER = 'n8n';
export const DATABASE = 'postgres';

/** n8n's settings for queue mode, the same for the main process and the workers. */
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
	DB_POSTGRESDB_PASSWORD: 'any',
	N8N_ENCRYPTION_KEY: 'the same for all',
});
