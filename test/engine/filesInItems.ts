// To be imported before anything of n8n, which reads its settings while it is loaded.
process.env.N8N_DEFAULT_BINARY_DATA_MODE = 'default';
